import { StoredSession } from '@everline/contracts';
import type { Records } from '../store/records/records.js';
import type { SessionBegun, SessionEnded } from './applied.js';
import { noPrefix, readNumber } from './keys.js';
import type { Users } from './user.js';

/** The exclusive sessions of the state, at hand: they are looked through several times a second, and are as many as there are open shells. */
export class LiveSessions {
  readonly #byUser = new Map<string, string>();

  constructor(records: Records, users: Users) {
    for (const { key, value } of records.part('sessions', {
      prefix: noPrefix,
      limit: Number.MAX_SAFE_INTEGER,
    })) {
      const user = users.numbered(readNumber(key));
      if (user !== undefined) this.#byUser.set(user.username, StoredSession.decode(value).sessionId);
    }
  }

  of(username: string): string | undefined {
    return this.#byUser.get(username);
  }

  all(): { readonly username: string; readonly sessionId: string }[] {
    return [...this.#byUser].map(([username, sessionId]) => ({ username, sessionId }));
  }

  begun({ username, sessionId }: SessionBegun): void {
    this.#byUser.set(username, sessionId);
  }

  ended({ username }: SessionEnded): void {
    this.#byUser.delete(username);
  }
}
