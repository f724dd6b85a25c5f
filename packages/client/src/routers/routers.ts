import type { Cancel, Clock } from '@everline/chassis/clock';
import type { Random } from '@everline/chassis/random';
import type { RouterServiceClient } from '@everline/contracts';
import type { Sight } from '@everline/protocol/caller';
import type { Home } from '../cluster/home.js';
import { RouterLink } from './router-link.js';

/** All routers at once: each is watched, and the newest epoch wins, whoever tells it. */
export class Routers implements Disposable {
  readonly #links: readonly RouterLink[];
  readonly #waiting = new Set<() => void>();

  constructor(
    addresses: readonly string[],
    parts: { clock: Clock; random: Random; pollMs: number; home: Home; onSight: (sight: Sight) => void },
  ) {
    const onConnected = (): void => {
      const waiting = [...this.#waiting];
      this.#waiting.clear();
      for (const fn of waiting) fn();
    };
    this.#links = addresses.map((address) => new RouterLink(address, { ...parts, onConnected }));
  }

  /** Asks all that are connected who serves now. */
  ask(): void {
    for (const link of this.#links) link.ask();
  }

  /** The connected ones. */
  get stubs(): readonly RouterServiceClient[] {
    return this.#links.flatMap(({ stub }) => stub ?? []);
  }

  /** Calls `fn` once, when a router is connected that was not. */
  whenConnected(fn: () => void): Cancel {
    this.#waiting.add(fn);
    return () => this.#waiting.delete(fn);
  }

  /** What is wrong with which, in one phrase. */
  get trouble(): string {
    return this.#links
      .map(({ address, trouble }) => (trouble === '' ? `${address} answers` : `${address}: ${trouble}`))
      .join('; ');
  }

  [Symbol.dispose](): void {
    this.#waiting.clear();
    for (const link of this.#links) link[Symbol.dispose]();
  }
}
