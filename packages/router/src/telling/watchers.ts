// Everyone who watches which master is available. The answer is encoded once for all; who is slow gets the newest only.
import type { CallContext, Clock, Out } from '@everline/chassis';
import { WatchAvailableResponse } from '@everline/contracts';
import type { Available } from '@everline/protocol/configuration';
import { refusal } from '../errors.js';

/** At the bound a new one is refused with TOO_MANY_STREAMS. */
const mostWatchers = 20_000;
/** Told in one turn of the event loop. What the masters ask comes between: a failover waits for that. */
const batch = 16;

interface Watcher {
  readonly out: Out<WatchAvailableResponse>;
  /** Number of the newest answer it was given. */
  given: number;
  busy: boolean;
}

export class Watchers {
  private readonly watchers = new Set<Watcher>();
  private newest: Uint8Array = new Uint8Array();
  private number = 0;
  private readonly clock: Clock;

  constructor(clock: Clock) {
    this.clock = clock;
  }

  get size(): number {
    return this.watchers.size;
  }

  /** Tells all of them, the longest-waiting first, from the next turn of the event loop on: what the masters are told in this one is on its way before. */
  tell(available: Available): void {
    this.newest = encode(available);
    this.number += 1;
    this.clock.soon(() => this.pump([...this.watchers], 0));
  }

  /** Until the call ends. */
  watch(available: Available, context: CallContext, out: Out<WatchAvailableResponse>): Promise<void> {
    if (this.watchers.size >= mostWatchers) {
      throw refusal('TOO_MANY_STREAMS', `${mostWatchers} watch already`);
    }
    if (this.number === 0) {
      this.newest = encode(available);
      this.number = 1;
    }
    const watcher: Watcher = { out, given: 0, busy: false };
    this.watchers.add(watcher);
    this.give(watcher);
    return new Promise((resolve) => {
      const leave = (): void => {
        this.watchers.delete(watcher);
        resolve();
      };
      if (context.signal.aborted) leave();
      else context.signal.addEventListener('abort', leave, { once: true });
    });
  }

  private pump(watchers: readonly Watcher[], from: number): void {
    for (const watcher of watchers.slice(from, from + batch)) this.give(watcher);
    if (from + batch < watchers.length) this.clock.soon(() => this.pump(watchers, from + batch));
  }

  private give(watcher: Watcher): void {
    if (watcher.busy || watcher.given === this.number || !this.watchers.has(watcher)) return;
    watcher.given = this.number;
    if (watcher.out.write(this.newest)) return;
    watcher.busy = true;
    watcher.out.ready().then(
      () => {
        watcher.busy = false;
        this.give(watcher);
      },
      () => {}, // the call has ended; its signal says so, too
    );
  }
}

const nobody = { address: '', masterId: '', clusterId: '' };

function encode(available: Available): Uint8Array {
  const { address, masterId, clusterId } = available.kind === 'available' ? available : nobody;
  return WatchAvailableResponse.encode({
    address,
    masterId,
    clusterId,
    epoch: BigInt(available.epoch),
  }).finish();
}
