import type { Cancel } from '@everline/chassis/clock';
import type { Context } from '../context.js';
import { Refused } from '../errors.js';
import { times } from '../times.js';
import { login } from '../verbs/login.js';

/** An exclusive session, kept alive until it is ended: an unrenewed one is free for others 1.5 s after its last sign of life. */
export class Session {
  readonly username: string;
  readonly sessionId: string;
  readonly #context: Context;
  readonly #onLost: (why: Refused) => void;
  readonly #stop: Cancel;
  readonly #abort = new AbortController();
  #renewal: Promise<void> | undefined;

  constructor(
    context: Context,
    facts: { readonly username: string; readonly sessionId: string },
    onLost: (why: Refused) => void,
  ) {
    this.username = facts.username;
    this.sessionId = facts.sessionId;
    this.#context = context;
    this.#onLost = onLost;
    this.#stop = context.clock.every(times.renewMs, () => {
      // One at a time: over a failover it is tried again inside, and the new master gives every session a fresh grace.
      this.#renewal ??= this.#renew().finally(() => {
        this.#renewal = undefined;
      });
    });
  }

  /** No renewal is under way any more when it resolves: one that came after a logout would begin the session again. */
  async end(): Promise<void> {
    this.#stop();
    if (this.#renewal === undefined) return;
    const stopWaiting = this.#context.clock.after(times.partingMs, () => this.#abort.abort());
    await this.#renewal;
    stopWaiting();
  }

  async #renew(): Promise<void> {
    const { username, sessionId } = this;
    const { signal } = this.#abort;
    try {
      await login(this.#context, username, { exclusive: true, sessionId, signal });
    } catch (error) {
      // Nobody could be reached, or it was ended: the next one may fare better, and the master decides when it is over.
      if (!(error instanceof Refused)) return;
      this.#stop();
      this.#onLost(error);
    }
  }
}
