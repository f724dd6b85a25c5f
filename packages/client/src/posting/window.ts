import type { PostOutcome } from './outcome.js';

export interface Pending {
  readonly postId: string;
  readonly text: string;
  outcome: PostOutcome | undefined;
  /** How often it was sent; from the first time on what becomes of it may be unknown. */
  sends: number;
}

type Taker = { resolve: (outcome: PostOutcome | undefined) => void; reject: (error: unknown) => void };

/** Posts that were begun and whose outcome was not handed out, in their order; as many as the bound. */
export class Window {
  readonly #bound: number;
  readonly #posts: Pending[] = [];
  readonly #takers: Taker[] = [];
  #whenRoom: (() => void) | undefined;
  #closed: { readonly error: unknown } | undefined;
  #error: { readonly error: unknown } | undefined;

  constructor(bound: number) {
    this.#bound = bound;
  }

  /** Nothing waits for an outcome. */
  get idle(): boolean {
    return this.#posts.every(({ outcome }) => outcome !== undefined);
  }

  /** Those whose outcome is open, the first begun first. */
  open(): readonly Pending[] {
    return this.#posts.filter(({ outcome }) => outcome === undefined);
  }

  find(postId: string): Pending | undefined {
    return this.#posts.find((pending) => pending.outcome === undefined && pending.postId === postId);
  }

  /** Resolves when there is room for another one. One caller at a time. */
  room(): Promise<void> {
    if (this.#posts.length < this.#bound) return Promise.resolve();
    return new Promise((resolve) => {
      this.#whenRoom = resolve;
    });
  }

  add(postId: string, text: string): Pending {
    const pending: Pending = { postId, text, outcome: undefined, sends: 0 };
    this.#posts.push(pending);
    return pending;
  }

  settle(pending: Pending, outcome: PostOutcome): void {
    pending.outcome = outcome;
    this.#handOut();
  }

  /** Undefined: there are no more. */
  next(): Promise<PostOutcome | undefined> {
    return new Promise((resolve, reject) => {
      this.#takers.push({ resolve, reject });
      this.#handOut();
    });
  }

  /** No more are added; after the last outcome comes the end, with `error` unless that is undefined. */
  close(error?: unknown): void {
    this.#closed = { error };
    this.#handOut();
  }

  /** Ends it after the outcomes that stand at the front, with `error` unless that is undefined. */
  fail(error: unknown): void {
    this.#error ??= { error };
    this.#whenRoom?.();
    this.#handOut();
  }

  #handOut(): void {
    for (;;) {
      const [taker] = this.#takers;
      if (taker === undefined) return;
      const outcome = this.#posts[0]?.outcome;
      if (this.#closed !== undefined && this.#posts.length === 0) this.#error ??= this.#closed;
      const ended = this.#error !== undefined;
      if (outcome === undefined && !ended) return;
      this.#takers.shift();
      if (outcome !== undefined) this.#shift(taker, outcome);
      else if (this.#error?.error === undefined) taker.resolve(undefined);
      else {
        taker.reject(this.#error.error);
        this.#error = { error: undefined };
      }
    }
  }

  #shift(taker: Taker, outcome: PostOutcome): void {
    this.#posts.shift();
    taker.resolve(outcome);
    this.#whenRoom?.();
    this.#whenRoom = undefined;
  }
}
