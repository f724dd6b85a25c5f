// What the rules of users, follows and posts come to, said as simply as possible. It knows nothing of records.
import type { Draft } from '../../src/state/draft.js';
import { sameContent } from '../../src/state/draft.js';

export type NaiveOutcome = string;

interface NaivePost {
  readonly seq: number;
  readonly author: string;
  readonly text: string;
}

export class NaiveState {
  readonly users: string[] = [];
  readonly follows: { readonly follower: string; readonly followee: string; readonly sinceSeq: number }[] =
    [];
  readonly posts: NaivePost[] = [];
  readonly sessions = new Map<string, string>();
  readonly #answered = new Map<string, { readonly draft: Draft; readonly outcome: NaiveOutcome }>();
  #seq = 0;

  apply(draft: Draft): NaiveOutcome {
    this.#seq++;
    const before = this.#answered.get(draft.id);
    if (before !== undefined) return sameContent(before.draft, draft) ? before.outcome : 'ID_REUSED';
    const outcome = this.#carryOut(draft);
    this.#answered.set(draft.id, { draft, outcome });
    return outcome;
  }

  followersOf(name: string): string[] {
    return this.follows.filter(({ followee }) => followee === name).map(({ follower }) => follower);
  }

  followeesOf(name: string): { readonly username: string; readonly sinceSeq: number }[] {
    const own = this.follows.filter(({ follower }) => follower === name);
    return own.map(({ followee, sinceSeq }) => ({ username: followee, sinceSeq }));
  }

  #carryOut(draft: Draft): NaiveOutcome {
    if (draft.kind === 'login') return this.#login(draft.username, draft.sessionId);
    const name = draft.kind === 'post' ? draft.author : draft.username;
    if (draft.kind === 'end-session') {
      if (this.sessions.get(name) === draft.sessionId) this.sessions.delete(name);
      return 'done';
    }
    if (!this.users.includes(name)) return 'USER_UNKNOWN';
    if (draft.kind === 'post') {
      this.posts.push({ seq: this.#seq, author: name, text: draft.text });
      return `posted at ${this.#seq}`;
    }
    const { followee } = draft;
    if (followee === name) return draft.kind === 'follow' ? 'FOLLOW_ONESELF' : 'UNFOLLOW_ONESELF';
    if (!this.users.includes(followee)) return 'USER_UNKNOWN';
    const at = this.follows.findIndex((one) => one.follower === name && one.followee === followee);
    if (draft.kind === 'follow') {
      if (at !== -1) return 'ALREADY_FOLLOWED';
      this.follows.push({ follower: name, followee, sinceSeq: this.#seq });
    } else {
      if (at === -1) return 'NOT_FOLLOWED';
      this.follows.splice(at, 1);
    }
    return 'done';
  }

  #login(name: string, sessionId: string | undefined): NaiveOutcome {
    const present = this.sessions.get(name);
    if (sessionId !== undefined && present !== undefined && present !== sessionId) return 'SESSION_EXISTS';
    if (sessionId !== undefined) this.sessions.set(name, sessionId);
    if (this.users.includes(name)) return 'known';
    this.users.push(name);
    return 'created';
  }
}
