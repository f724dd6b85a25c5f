// Whom a user follows, with names: every page and every opened timeline begins with it.
import type { Records } from '../store/records/records.js';
import type { Followee } from '../timeline/view.js';
import { afterNumber, numberKey, readNumber, readSeq } from './keys.js';
import type { Users } from './user.js';

/** Follows kept at hand, of all users together: about 60 bytes each. */
const mostKept = 65_536;

/** Looks follows up, and keeps those that were asked for of late at hand. What it keeps is dropped where the state changes it. */
export class Followings {
  readonly #records: Records;
  readonly #users: Users;
  #kept = new Map<string, readonly Followee[]>();
  #count = 0;

  constructor(records: Records, users: Users) {
    this.#records = records;
    this.#users = users;
  }

  /** In order of following. */
  of(username: string): readonly Followee[] {
    const kept = this.#kept.get(username);
    if (kept !== undefined) return kept;
    const number = this.#users.named(username)?.number;
    return number === undefined ? [] : this.#keep(username, this.#read(number));
  }

  changed(username: string): void {
    const kept = this.#kept.get(username);
    if (kept === undefined) return;
    this.#kept.delete(username);
    this.#count -= kept.length + 1;
  }

  #read(number: number): Followee[] {
    const part = { prefix: numberKey(number), limit: Number.MAX_SAFE_INTEGER };
    return this.#records
      .part('following', part)
      .map(({ key, value }) => ({
        username: this.#name(readNumber(key, afterNumber)),
        sinceSeq: readSeq(value),
      }))
      .sort((a, b) => a.sinceSeq - b.sinceSeq);
  }

  #keep(username: string, followees: readonly Followee[]): readonly Followee[] {
    const more = followees.length + 1;
    if (more > mostKept) return followees;
    if (this.#count + more > mostKept) {
      this.#kept = new Map();
      this.#count = 0;
    }
    this.#kept.set(username, followees);
    this.#count += more;
    return followees;
  }

  #name(number: number): string {
    const user = this.#users.numbered(number);
    if (user === undefined) throw new Error(`user ${number} is named by a follow, and is not there`);
    return user.username;
  }
}
