// Makes what was decided durable (R1), however often the store fails. Writes go one after the other; what is written last is the newest.
import type { Clock, Log } from '@everline/chassis';
import type { Durable } from '@everline/protocol/configuration';
import { type ConfigurationStore, NotKept, OutcomeUnknown } from '../configuration-store/index.js';
import { encodeDurable } from './durable-json.js';

/** Somebody else decides on this store: this router must end. */
export class Superseded extends Error {
  override readonly name = 'Superseded';
}

/** A full or broken disk is asked again after this, doubling. */
const firstRetryMs = 20;
const longestRetryMs = 1_000;
/** What nothing depends on waits this long for company. */
const soonMs = 1_000;

export class Keeper {
  private revision: number;
  private writing: Promise<unknown> = Promise.resolve();
  private waiting: Durable | undefined;
  private cancelSoon: (() => void) | undefined;
  private readonly store: ConfigurationStore;
  private readonly clock: Clock;
  private readonly log: Log;

  constructor(store: ConfigurationStore, revision: number, clock: Clock, log: Log) {
    this.store = store;
    this.revision = revision;
    this.clock = clock;
    this.log = log;
  }

  /** Resolves when it is durable; keeps trying until then. @throws Superseded */
  keep(durable: Durable): Promise<void> {
    this.forgetSoon();
    const kept = this.writing.then(() => this.write(encodeDurable(durable)));
    this.writing = kept.catch(() => {});
    return kept;
  }

  /** Keeps it within a second or so, unless something newer is kept before. */
  keepSoon(durable: Durable, failed: (error: unknown) => void): void {
    this.waiting = durable;
    this.cancelSoon ??= this.clock.after(soonMs, () => {
      const { waiting } = this;
      if (waiting !== undefined) this.keep(waiting).catch(failed);
    });
  }

  /** Keeps what waits, and waits for what is under way. */
  async flush(): Promise<void> {
    if (this.waiting !== undefined) await this.keep(this.waiting);
    await this.writing;
  }

  private forgetSoon(): void {
    this.waiting = undefined;
    this.cancelSoon?.();
    this.cancelSoon = undefined;
  }

  private async write(bytes: Uint8Array): Promise<void> {
    for (let retryMs = firstRetryMs; ; retryMs = Math.min(2 * retryMs, longestRetryMs)) {
      try {
        const result = await this.store.compareAndSet(this.revision, bytes);
        if (result.kind === 'conflict') throw new Superseded('another router has changed the state');
        this.revision = result.revision;
        return;
      } catch (error) {
        if (error instanceof OutcomeUnknown) await this.find(bytes);
        else if (!(error instanceof NotKept)) throw error;
        this.log.error(
          { error, retryMs },
          'what was decided cannot be made durable yet: nobody is told of it',
        );
        await this.clock.sleep(retryMs);
      }
    }
  }

  /** After an unknown outcome: what is there is either the old, or ours. In both cases it is written again, to be flushed for certain. */
  private async find(bytes: Uint8Array): Promise<void> {
    const newest = await this.store.get();
    const revision = newest?.revision ?? 0;
    const ours = newest !== undefined && Buffer.compare(newest.bytes, bytes) === 0;
    if (revision !== this.revision && !ours) throw new Superseded('another router has changed the state');
    this.revision = revision;
  }
}
