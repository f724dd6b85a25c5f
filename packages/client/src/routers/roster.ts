import type { Cancel, Clock } from '@everline/chassis/clock';
import type { Random } from '@everline/chassis/random';
import { Metadata } from '@grpc/grpc-js';
import { times } from '../times.js';
import type { Routers } from './routers.js';

/** Keeps the list of masters: fetched soon after every change, and now and then, for masters that join without one. */
export class Roster implements Disposable {
  readonly #clock: Clock;
  readonly #random: Random;
  readonly #spreadMs: number;
  readonly #routers: Routers;
  readonly #onList: (addresses: readonly string[]) => void;
  readonly #stop: Cancel;
  #soon: Cancel | undefined;
  #closed = false;

  constructor(parts: {
    clock: Clock;
    random: Random;
    /** Over how long a change is fetched. */
    spreadMs: number;
    routers: Routers;
    onList: (addresses: readonly string[]) => void;
  }) {
    this.#clock = parts.clock;
    this.#random = parts.random;
    this.#spreadMs = parts.spreadMs;
    this.#routers = parts.routers;
    this.#onList = parts.onList;
    this.#stop = parts.clock.every(times.rosterEveryMs * (0.8 + 0.4 * parts.random.next()), () =>
      this.changed(),
    );
  }

  /** It may have changed: fetch it soon, and once for several changes. */
  changed(): void {
    if (this.#closed) return;
    const delayMs = times.rosterDelayMs + this.#random.next() * this.#spreadMs;
    this.#soon ??= this.#clock.after(delayMs, () => {
      this.#soon = undefined;
      this.#fetch();
    });
  }

  [Symbol.dispose](): void {
    this.#closed = true;
    this.#stop();
    this.#soon?.();
  }

  #fetch(): void {
    const [router] = this.#routers.stubs;
    // Without a router there is no change either; its return is one.
    if (router === undefined) return;
    const deadline = this.#clock.wallMs() + times.routerCallMs;
    router.describeCluster({}, new Metadata(), { deadline }, (error, cluster) => {
      // The list that is known stays in use; the next change or turn of the clock asks again.
      if (this.#closed || error !== null) return;
      this.#onList(cluster.masters.map(({ address }) => address));
    });
  }
}
