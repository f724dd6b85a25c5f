/**
 * Exclusive sessions: that one exists stands in the journal, so it survives a failover; that its client lives is known by its signs of life, at
 * the available master alone. A new available master gives every session a full grace: a failover neither locks a user out nor lets a second
 * one in.
 */
import type { Cancel, Clock, Log, Random } from '@everline/chassis';
import type { Answer, Reign, Role } from './sns/role.js';
import { granted } from './sns/services.js';
import type { Session, View } from './timeline/view.js';

/** Without a sign of life for so long, a session is ended. Clients give one every 400 ms. */
const graceMs = 1_500;
const lookMs = 250;

export interface SessionsOptions {
  readonly role: Role;
  readonly view: View;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Log;
}

export interface Begin extends Session {
  /** Of the login. */
  readonly id: string;
}

export class Sessions implements Disposable {
  readonly #options: SessionsOptions;
  readonly #seenMs = new Map<string, number>();
  readonly #ending = new Set<string>();
  #cancel: Cancel = () => undefined;
  #unlisten: Cancel;

  constructor(options: SessionsOptions) {
    this.#options = options;
    this.#unlisten = options.role.onChange(() => this.#roleChanged());
  }

  /** Goes on with the session, or begins it. True when the login made the user. @throws Refusal SESSION_EXISTS */
  async begin(reign: Reign, { username, sessionId, id }: Begin, signal: AbortSignal): Promise<boolean> {
    const { view } = this.#options;
    const present = await reign.read(() => view.sessionOf(username));
    if (present === sessionId && id !== sessionId) {
      this.touch(sessionId);
      return false;
    }
    if (present !== undefined && present !== sessionId && !this.#lives(present)) {
      await this.end(reign, { username, sessionId: present }, signal);
    }
    const { outcome } = await reign.propose({ kind: 'login', id, username, sessionId }, signal);
    const done = granted(outcome);
    this.touch(sessionId);
    return done.kind === 'login' && done.created;
  }

  /** A sign of life. */
  touch(sessionId: string): void {
    this.#seenMs.set(sessionId, this.#options.clock.nowMs());
  }

  /** Its client is there for as long as its stream is. */
  hold(sessionId: string): Cancel {
    this.touch(sessionId);
    return this.#options.clock.every(lookMs, () => this.touch(sessionId));
  }

  end(reign: Reign, { username, sessionId }: Session, signal: AbortSignal): Promise<Answer> {
    const { random, clock } = this.#options;
    this.#seenMs.delete(sessionId);
    const id = random.uuidv7(clock.wallMs());
    return reign.propose({ kind: 'end-session', id, username, sessionId }, signal);
  }

  [Symbol.dispose](): void {
    this.#cancel();
    this.#unlisten();
  }

  #lives(sessionId: string): boolean {
    const { clock } = this.#options;
    return clock.nowMs() - (this.#seenMs.get(sessionId) ?? Number.NEGATIVE_INFINITY) < graceMs;
  }

  #roleChanged(): void {
    this.#cancel();
    this.#seenMs.clear();
    const reign = this.#reign();
    if (reign === undefined) return;
    for (const { sessionId } of this.#options.view.sessions()) this.touch(sessionId);
    this.#cancel = this.#options.clock.every(lookMs, () => this.#endSilent(reign));
  }

  #reign(): Reign | undefined {
    try {
      return this.#options.role.available();
    } catch {
      return undefined; // not available here: nobody's session is ours to end
    }
  }

  #endSilent(reign: Reign): void {
    const { view, log } = this.#options;
    const sessions = view.sessions();
    this.#forgetOthers(sessions);
    for (const session of sessions) {
      const { username, sessionId } = session;
      if (this.#lives(sessionId) || this.#ending.has(sessionId)) continue;
      this.#ending.add(sessionId);
      this.end(reign, session, reign.ended)
        .then(
          () => log.info({ username }, 'a session without a sign of life has ended'),
          (error: unknown) => log.debug({ username, error }, 'a session could not be ended'),
        )
        .finally(() => this.#ending.delete(sessionId));
    }
  }

  /** A sign of life may come after the end. */
  #forgetOthers(sessions: readonly Session[]): void {
    if (this.#seenMs.size <= sessions.length) return;
    const live = new Set(sessions.map(({ sessionId }) => sessionId));
    for (const sessionId of this.#seenMs.keys()) if (!live.has(sessionId)) this.#seenMs.delete(sessionId);
  }
}
