import type { Cancel, Clock } from '@everline/chassis/clock';
import type { SnsServiceClient } from '@everline/contracts';

/** Why no more calls go there, and those on their way are worth nothing. */
export interface EndOfPlace {
  readonly kind: 'moved' | 'doubted' | 'closed';
  /** In a phrase. */
  readonly why: string;
}

/** One connection to the available master of one epoch: where calls go until it ends. */
export class Place {
  readonly epoch: number;
  readonly address: string;
  readonly sns: SnsServiceClient;
  readonly #clock: Clock;
  readonly #listeners = new Set<(why: EndOfPlace) => void>();
  #ended: EndOfPlace | undefined;
  #heardAtMs: number | undefined;

  constructor(facts: { epoch: number; address: string; sns: SnsServiceClient; clock: Clock }) {
    this.epoch = facts.epoch;
    this.address = facts.address;
    this.sns = facts.sns;
    this.#clock = facts.clock;
  }

  get ended(): EndOfPlace | undefined {
    return this.#ended;
  }

  /** When its master last said anything; undefined: never on this connection. */
  get heardAtMs(): number | undefined {
    return this.#heardAtMs;
  }

  heard(): void {
    this.#heardAtMs = this.#clock.nowMs();
  }

  /** Calls `fn` when the place ends. */
  onEnd(fn: (why: EndOfPlace) => void): Cancel {
    this.#listeners.add(fn);
    return () => this.#listeners.delete(fn);
  }

  end(why: EndOfPlace): void {
    if (this.#ended !== undefined) return;
    this.#ended = why;
    const listeners = [...this.#listeners];
    this.#listeners.clear();
    for (const fn of listeners) fn(why);
  }
}
