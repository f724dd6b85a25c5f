// The one place where this process' role changes: it logs once, opens the reign and ends it.
import type { Cancel, Clock, Log, Refusal } from '@everline/chassis';
import type { StepDown } from '@everline/protocol/replica';
import { Moved, notAvailableHere } from '../errors.js';
import type { ReplicaHost } from '../replication/replica-host.js';
import type { Role as ServedRole } from '../sns/role.js';
import type { Reign } from './reign.js';

export interface RoleOptions {
  readonly host: ReplicaHost;
  readonly clock: Clock;
  readonly log: Log;
  readonly openReign: (epoch: number) => Reign;
  /** Whoever waits in this reign is told where to go (M6). */
  readonly onEnded: (refused: Refusal) => void;
}

/** After a resignation the router names the next one within milliseconds; nobody is kept waiting for longer than this. */
const handOverMs = 1000;
const lookMs = 2;

export class Role implements ServedRole {
  readonly #options: RoleOptions;
  readonly #listeners = new Set<() => void>();
  #reign: Reign | undefined;
  #cancelHandOver: Cancel = () => undefined;
  #namedAtMs = 0;
  readonly #whenSettled = new Set<() => void>();

  constructor(options: RoleOptions) {
    this.#options = options;
    options.host.onChange(() => this.#release());
  }

  /** @throws Refusal NOT_AVAILABLE_MASTER with the address of the one that is */
  available(): Reign {
    if (this.#reign !== undefined) return this.#reign;
    const { standing } = this.#options.host.replica;
    throw notAvailableHere(this.#address(), standing.promisedEpoch);
  }

  /** Called after the role has changed. */
  onChange(listener: () => void): Cancel {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  get reigns(): boolean {
    return this.#reign !== undefined;
  }

  /** The role is on its way to here, or from here, or its holder was just lost: an answer now would be out of date at once. */
  get unsettled(): boolean {
    const { role } = this.#options.host.replica;
    if (role.kind === 'following') return role.source?.lost === true;
    return role.kind === 'activating' || role.kind === 'resigned';
  }

  /** Resolves when the role is here or elsewhere; after `maxMs` in any case. */
  settled(maxMs: number): Promise<void> {
    if (!this.unsettled) return Promise.resolve();
    return new Promise((resolve) => {
      const settle = (): void => {
        cancel();
        this.#whenSettled.delete(settle);
        resolve();
      };
      const cancel = this.#options.clock.after(maxMs, settle);
      this.#whenSettled.add(settle);
    });
  }

  /** Resolves when a resignation has come to its end: the role is elsewhere and whoever has it was heard, or it stays here; after `maxMs` in any case. */
  handedOver(maxMs: number): Promise<void> {
    const { host, clock } = this.#options;
    return new Promise((resolve) => {
      const finish = (): void => {
        cancelTimer();
        cancelLook();
        resolve();
      };
      const cancelTimer = clock.after(maxMs, finish);
      const cancelLook = clock.every(lookMs, () => {
        const { role } = host.replica;
        const heard = role.kind === 'following' && (role.source?.acknowledgedSeq ?? 0) > 0;
        if (heard || role.kind === 'available') finish();
      });
    });
  }

  /** M7: the reign begins; from here to `serve` clients wait. */
  named(epoch: number): void {
    this.#namedAtMs = this.#options.clock.nowMs();
    this.#options.log.info({ epoch }, 'named available');
  }

  /** M7 (6). */
  serve(epoch: number): void {
    const { openReign, log, host, clock } = this.#options;
    this.#reign = openReign(epoch);
    const tookMs = Math.round(clock.nowMs() - this.#namedAtMs);
    log.info({ epoch, committed_seq: host.replica.standing.committedSeq, took_ms: tookMs }, 'available');
    this.#changed();
  }

  /** M10: the reign is over, but where the role goes is not known yet: who waits gets the address in a moment. */
  resigned(epoch: number): void {
    const { log, clock } = this.#options;
    log.info({ epoch }, 'resigned');
    this.#cancelHandOver = clock.after(handOverMs, () => this.#end(epoch));
  }

  /** M6. */
  stepDown({ epoch, newerEpoch }: StepDown): void {
    this.#options.log.info({ epoch, newer_epoch: newerEpoch }, 'no longer available');
    this.#end(newerEpoch);
  }

  /** The process ends, or its disk has failed (M13). */
  endAll(): void {
    this.#end(this.#options.host.replica.standing.promisedEpoch);
  }

  #end(epoch: number): void {
    this.#cancelHandOver();
    const reign = this.#reign;
    if (reign === undefined) return;
    this.#reign = undefined;
    const moved = new Moved(this.#address(), epoch);
    reign.end(moved);
    this.#options.onEnded(notAvailableHere(moved.address, moved.epoch));
    this.#changed();
  }

  /** Of the available master, as far as it is known and not this one. */
  #address(): string {
    const { standing, settings } = this.#options.host.replica;
    const { configuration, promisedEpoch } = standing;
    if (configuration === undefined || configuration.epoch < promisedEpoch) return '';
    return configuration.availableId === settings.masterId
      ? ''
      : (configuration.masters.find(({ masterId }) => masterId === configuration.availableId)?.address ?? '');
  }

  #changed(): void {
    for (const listener of this.#listeners) listener();
    this.#release();
  }

  #release(): void {
    if (this.unsettled) return;
    for (const settle of [...this.#whenSettled]) settle();
  }
}
