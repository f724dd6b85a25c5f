// Who is known, by name and by number. Numbers are given in order of first login.
import { StoredUser } from '@everline/contracts';
import type { Records, Write } from '../store/records/records.js';
import { afterSeq, noPrefix, numberKey, readNumber, readSeq, writeSeq } from './keys.js';

export interface User {
  readonly number: number;
  readonly username: string;
  /** Of the newest post; 0 when there is none. */
  headSeq: number;
}

/** Users kept at hand: about 150 bytes each. */
const mostKept = 32_768;

/** Looks users up, and keeps those that were asked for of late at hand. What it keeps is changed where the state is. */
export class Users {
  readonly #records: Records;
  #byName = new Map<string, User>();
  #byNumber = new Map<number, User>();
  #count: number;

  constructor(records: Records) {
    this.#records = records;
    const [last] = records.part('members', { prefix: noPrefix, reverse: true, limit: 1 });
    this.#count = last === undefined ? 0 : readNumber(last.key);
  }

  get count(): number {
    return this.#count;
  }

  named(username: string): User | undefined {
    const kept = this.#byName.get(username);
    if (kept !== undefined) return kept;
    const stored = this.#records.get('users', Buffer.from(username));
    return stored && this.numbered(StoredUser.decode(stored).number);
  }

  numbered(number: number): User | undefined {
    const kept = this.#byNumber.get(number);
    if (kept !== undefined) return kept;
    const member = this.#records.get('members', numberKey(number));
    return member && this.#keep(userOf(number, member));
  }

  /** In order of first login. */
  after(number: number, most: number): readonly User[] {
    return this.#records
      .part('members', { prefix: noPrefix, after: numberKey(number), limit: most })
      .map(({ key, value }) => userOf(readNumber(key), value));
  }

  /** What makes the next user. */
  writesFor(username: string, seq: number): readonly Write[] {
    const number = this.#count + 1;
    const value = StoredUser.encode({ number, sinceSeq: BigInt(seq) }).finish();
    return [
      { table: 'users', key: Buffer.from(username), old: undefined, value },
      {
        table: 'members',
        key: numberKey(number),
        old: undefined,
        value: memberOf({ number, username, headSeq: 0 }),
      },
    ];
  }

  /** The writes of `writesFor` are applied. */
  entered(username: string): void {
    this.#count++;
    this.#keep({ number: this.#count, username, headSeq: 0 });
  }

  #keep(user: User): User {
    if (this.#byNumber.size >= mostKept) {
      this.#byName = new Map();
      this.#byNumber = new Map();
    }
    this.#byName.set(user.username, user);
    this.#byNumber.set(user.number, user);
    return user;
  }
}

/** The seq of the newest post, then the name. */
export function memberOf({ username, headSeq }: User): Buffer {
  const member = writeSeq(Buffer.allocUnsafe(afterSeq + Buffer.byteLength(username)), headSeq);
  member.write(username, afterSeq);
  return member;
}

export function userOf(number: number, member: Buffer): User {
  return { number, username: member.toString('utf8', afterSeq), headSeq: readSeq(member) };
}
