import type { Cancel } from '@everline/chassis/clock';
import { Closed } from './errors.js';

/** What is under way in a client, so that `close` can end it. A set, not a signal: hundreds of calls come and go a millisecond. */
export class Lifetime {
  readonly #open = new Set<(why: Closed) => void>();
  #closed = false;

  get closed(): boolean {
    return this.#closed;
  }

  /** Calls `end` when the client is closed. */
  onClose(end: (why: Closed) => void): Cancel {
    this.#open.add(end);
    return () => this.#open.delete(end);
  }

  close(): void {
    this.#closed = true;
    const open = [...this.#open];
    this.#open.clear();
    const why = new Closed();
    for (const end of open) end(why);
  }
}
