import type { Records } from '../store/records/records.js';
import type { Followee, Session, StoredPost, User, View } from '../timeline/view.js';
import { afterNumber, numberKey, placeKey, readNumber, readSeq } from './keys.js';
import type { State } from './state.js';

/** The largest place in the journal that a key can name. */
const lastSeq = 2 ** 48 - 1;

const lastNumber = 2 ** 32 - 1;

export class StateView implements View {
  readonly #present: () => { readonly records: Records; readonly state: State };

  /** @param present what is in use now: a snapshot may take its place */
  constructor(present: () => { readonly records: Records; readonly state: State }) {
    this.#present = present;
  }

  get #records(): Records {
    return this.#present().records;
  }

  get #state(): State {
    return this.#present().state;
  }

  hasUser(username: string): boolean {
    return this.#state.users.named(username) !== undefined;
  }

  users(afterNumber: number, most: number): readonly User[] {
    return afterNumber < lastNumber ? this.#state.users.after(afterNumber, most) : [];
  }

  following(username: string): readonly Followee[] {
    return this.#state.followings.of(username);
  }

  followers(username: string, afterSeq: number, most: number): readonly Followee[] {
    const number = this.#number(username);
    if (number === undefined) return [];
    const part = { prefix: numberKey(number), after: placeKey(number, afterSeq), limit: most };
    return this.#records.part('followers', part).map(({ key, value }) => ({
      username: this.#name(readNumber(value)),
      sinceSeq: readSeq(key, afterNumber),
    }));
  }

  newestSeq(author: string): number {
    return this.#state.users.named(author)?.headSeq ?? 0;
  }

  postsBefore(author: string, beforeSeq: number, most: number): readonly StoredPost[] {
    const user = this.#state.users.named(author);
    if (user === undefined) return [];
    return this.#state.newestPosts.before(user, Math.min(beforeSeq, lastSeq), most);
  }

  postsAfter(author: string, afterSeq: number, most: number): readonly StoredPost[] {
    const number = this.#number(author);
    if (number === undefined) return [];
    const after = placeKey(number, Math.min(afterSeq, lastSeq));
    return this.#records
      .part('posts', { prefix: numberKey(number), after, limit: most })
      .map(({ key, value }) => ({ seq: readSeq(key, afterNumber), bytes: value }));
  }

  sessions(): readonly Session[] {
    return this.#state.sessions.all();
  }

  sessionOf(username: string): string | undefined {
    return this.#state.sessions.of(username);
  }

  #number(username: string): number | undefined {
    return this.#state.users.named(username)?.number;
  }

  #name(number: number): string {
    const user = this.#state.users.numbered(number);
    if (user === undefined) throw new Error(`user ${number} is named by a follow, and is not there`);
    return user.username;
  }
}
