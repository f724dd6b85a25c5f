import {
  type Client,
  type Listing,
  type Post,
  Refused,
  type Timeline,
  type TimelineEvent,
  Unknown,
  Unreachable,
} from '@everline/client';

/** A tiny SNS in memory, and clients of it: what the shell needs of `Client`, written by hand. */
export class FakeSns {
  private readonly users: string[] = [];
  private readonly follows: {
    readonly follower: string;
    readonly followee: string;
    readonly sinceSeq: number;
  }[] = [];
  readonly posts: Post[] = [];
  private readonly listeners = new Set<() => void>();
  /** The next calls end so before, or after, they are carried out. */
  readonly faults: ('unreachable' | 'unknown-not-done' | 'unknown-but-done')[] = [];
  private readonly done = new Map<string, unknown>();

  clientOf(
    user: string,
  ): Pick<Client, 'login' | 'list' | 'follow' | 'unfollow' | 'post' | 'timeline' | 'master'> {
    return {
      master: { address: '127.0.0.1:3011', epoch: 1 },
      login: async () => {
        const created = !this.users.includes(user);
        if (created) this.users.push(user);
        return { created, sessionId: `session-of-${user}` };
      },
      list: () => this.call(undefined, () => this.list(user)),
      follow: (name, options) => this.call(options?.requestId, () => this.follow(user, name)),
      unfollow: (name, options) => this.call(options?.requestId, () => this.unfollow(user, name)),
      post: (text, options) => this.call(options?.postId, () => this.post(user, text)),
      timeline: (options) => this.timeline(user, options?.recent ?? 20, options?.signal),
    };
  }

  /** Done once for an id, however often it is asked. */
  private async call<T>(id: string | undefined, work: () => T): Promise<T> {
    const fault = this.faults.shift();
    const waited = { waitedFor: 'a master', waitedMs: 1 };
    if (fault === 'unreachable') throw new Unreachable(waited);
    const key = id ?? `id-${this.done.size}-${this.posts.length}`;
    if (fault === 'unknown-not-done') throw new Unknown({ ...waited, id: key });
    const answer = this.done.has(key) ? (this.done.get(key) as T) : work();
    this.done.set(key, answer);
    if (fault === 'unknown-but-done') throw new Unknown({ ...waited, id: key });
    return answer;
  }

  private list(user: string): Listing {
    const of = (wanted: 'follower' | 'followee', other: 'follower' | 'followee') =>
      this.follows.filter((follow) => follow[wanted] === user).map((follow) => follow[other]);
    return {
      allUsers: [...this.users],
      followers: of('followee', 'follower'),
      following: of('follower', 'followee'),
    };
  }

  private follow(follower: string, followee: string): void {
    if (follower === followee) throw refusal('FOLLOW_ONESELF');
    if (!this.users.includes(followee)) throw refusal('USER_UNKNOWN');
    if (this.follows.some((follow) => follow.follower === follower && follow.followee === followee)) {
      throw refusal('ALREADY_FOLLOWED');
    }
    this.follows.push({ follower, followee, sinceSeq: this.posts.length });
  }

  private unfollow(follower: string, followee: string): void {
    if (follower === followee) throw refusal('UNFOLLOW_ONESELF');
    const index = this.follows.findIndex(
      (follow) => follow.follower === follower && follow.followee === followee,
    );
    if (index < 0) throw refusal(this.users.includes(followee) ? 'NOT_FOLLOWED' : 'USER_UNKNOWN');
    this.follows.splice(index, 1);
  }

  post(author: string, text: string) {
    if (text.length > 4_096) throw refusal('FIELD_INVALID');
    const seq = this.posts.length + 1;
    const post = { postId: `post-${seq}`, author, text, postedAtMs: seq * 1_000, seq };
    this.posts.push(post);
    for (const wake of this.listeners) wake();
    return { post, copies: 2 };
  }

  private timeline(user: string, recent: number, signal: AbortSignal | undefined): Timeline {
    const seen = (post: Post) =>
      this.follows.some(
        ({ follower, followee, sinceSeq }) =>
          follower === user && followee === post.author && post.seq > sinceSeq,
      );
    const { posts, listeners } = this;
    return {
      cursor: undefined,
      async *[Symbol.asyncIterator](): AsyncGenerator<TimelineEvent> {
        let next = posts.length;
        for (const post of posts.filter(seen).slice(-recent)) yield entry(post);
        yield { kind: 'caught-up', cursor: String(next) };
        for (;;) {
          for (; next < posts.length; next += 1) {
            const post = posts[next];
            if (post !== undefined && seen(post)) yield entry(post);
          }
          await new Promise<void>((resolve, reject) => {
            listeners.add(resolve);
            signal?.addEventListener('abort', () => reject(signal.reason), { once: true });
            if (signal?.aborted === true) reject(signal.reason);
          });
        }
      },
    };
  }
}

function entry(post: Post): TimelineEvent {
  return { kind: 'entry', post, cursor: String(post.seq) };
}

function refusal(reason: string): Refused {
  return new Refused(`refused: ${reason}`, { reason, code: 3 });
}
