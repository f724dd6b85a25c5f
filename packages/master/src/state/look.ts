// What decisions may look at: the state before the command.
import { StoredSession } from '@everline/contracts';
import type { Records } from '../store/records/records.js';
import { afterNumber, numberKey, pairKey, placeKey, readNumber, readSeq } from './keys.js';
import type { Users } from './user.js';

export class Look {
  readonly users: Users;
  readonly #records: Records;

  constructor(records: Records, users: Users) {
    this.#records = records;
    this.users = users;
  }

  /** The seq of the follow; undefined when there is none. */
  followSeq(follower: number, followee: number): number | undefined {
    const value = this.#records.get('following', pairKey(follower, followee));
    return value && readSeq(value);
  }

  /** The encoded session record of this user. */
  session(number: number): { readonly sessionId: string; readonly stored: Buffer } | undefined {
    const stored = this.#records.get('sessions', numberKey(number));
    return stored && { sessionId: StoredSession.decode(stored).sessionId, stored };
  }

  /** The encoded post of this id. */
  post(id: Buffer): Buffer | undefined {
    const place = this.#records.get('places', id);
    return place && this.#records.get('posts', placeKey(readNumber(place), readSeq(place, afterNumber)));
  }

  /** The encoded StoredAnswer to this id. */
  answer(id: Buffer): Buffer | undefined {
    return this.#records.get('answers', id);
  }
}
