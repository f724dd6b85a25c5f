import type { Cancel } from '@everline/chassis';
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
  #renewing = false;

  constructor(
    context: Context,
    facts: { readonly username: string; readonly sessionId: string },
    onLost: (why: Refused) => void,
  ) {
    this.username = facts.username;
    this.sessionId = facts.sessionId;
    this.#context = context;
    this.#onLost = onLost;
    this.#stop = context.clock.every(times.renewMs, () => void this.#renew());
  }

  end(): void {
    this.#stop();
  }

  /** One at a time: over a failover it is tried again inside, and the new master gives every session a fresh grace. */
  async #renew(): Promise<void> {
    if (this.#renewing) return;
    this.#renewing = true;
    const { username, sessionId } = this;
    try {
      await login(this.#context, username, { exclusive: true, sessionId });
    } catch (error) {
      // Nobody could be reached, or the client is closed: the next one may fare better, and the master decides when it is over.
      if (!(error instanceof Refused)) return;
      this.end();
      this.#onLost(error);
    } finally {
      this.#renewing = false;
    }
  }
}
