import type { TimelineEvent } from './event.js';

/** A cursor to which nothing was missed, between two events. */
interface Advance {
  readonly kind: 'advance';
  readonly cursor: string;
}

type Item = TimelineEvent | Advance;

interface Flow {
  readonly onFull: () => void;
  readonly onRoom: () => void;
}

type Taker = { resolve: (event: TimelineEvent | undefined) => void; reject: (error: unknown) => void };

/**
 * Between the stream and its reader. At `bound` it asks its source to hold, at half of it to go on; the message under way and the few
 * that the transport has read already still come.
 */
export class EventBuffer {
  readonly #bound: number;
  readonly #flow: Flow;
  #items: Item[] = [];
  #head = 0;
  #takers: Taker[] = [];
  #held = false;
  #end: { readonly error: unknown } | undefined;
  #cursor: string | undefined;

  constructor(bound: number, cursor: string | undefined, flow: Flow) {
    this.#bound = bound;
    this.#cursor = cursor;
    this.#flow = flow;
  }

  /** After everything taken. */
  get cursor(): string | undefined {
    return this.#cursor;
  }

  get size(): number {
    return this.#items.length - this.#head;
  }

  push(event: TimelineEvent): void {
    if (this.#end !== undefined) return;
    const taker = this.size === 0 ? this.#takers.shift() : undefined;
    if (taker !== undefined) {
      taker.resolve(this.#handOut(event));
      return;
    }
    this.#items.push(event);
    if (this.#held || this.size < this.#bound) return;
    this.#held = true;
    this.#flow.onFull();
  }

  /** Everything up to `cursor` is in the buffer or was taken. */
  advance(cursor: string): void {
    if (this.#end !== undefined) return;
    const last = this.size > 0 ? this.#items.at(-1) : undefined;
    if (last === undefined) this.#cursor = cursor;
    else if (last.kind === 'advance') this.#items[this.#items.length - 1] = { kind: 'advance', cursor };
    else this.#items.push({ kind: 'advance', cursor });
  }

  /** Undefined: the end. */
  next(): Promise<TimelineEvent | undefined> {
    const event = this.#shift();
    if (event !== undefined) return Promise.resolve(event);
    if (this.#end === undefined)
      return new Promise((resolve, reject) => this.#takers.push({ resolve, reject }));
    const { error } = this.#end;
    // An error is told once; after it comes the end.
    this.#end = { error: undefined };
    return error === undefined ? Promise.resolve(undefined) : Promise.reject(error);
  }

  /** Nothing more is pushed; who takes gets what is left, then `error`. */
  finish(error: unknown): void {
    if (this.#end !== undefined) return;
    this.#end = { error };
    for (const taker of this.#takers.splice(0)) this.next().then(taker.resolve, taker.reject);
  }

  clear(): void {
    this.#items = [];
    this.#head = 0;
  }

  #shift(): TimelineEvent | undefined {
    while (this.size > 0) {
      const item = this.#items[this.#head++] as Item;
      this.#compact();
      if (item.kind !== 'advance') return this.#handOut(item);
      this.#cursor = item.cursor;
    }
    return undefined;
  }

  #handOut(event: TimelineEvent): TimelineEvent {
    if (event.kind === 'entry' || event.kind === 'caught-up') this.#cursor = event.cursor;
    return event;
  }

  #compact(): void {
    if (this.#head * 2 >= this.#items.length) {
      this.#items = this.#items.slice(this.#head);
      this.#head = 0;
    }
    if (!this.#held || this.size > this.#bound / 2) return;
    this.#held = false;
    this.#flow.onRoom();
  }
}
