import { Post } from '@everline/contracts';
import type { Applied, Change } from '../../src/state/applied.js';
import type { Followee, StoredPost, View } from '../../src/timeline/view.js';

export interface Edge {
  readonly follower: string;
  readonly followee: string;
  readonly sinceSeq: number;
}

/** The state as lists, searched from end to end: what timelines are checked against. */
export class NaiveWorld {
  readonly users: string[] = [];
  readonly posts: { readonly seq: number; readonly author: string; readonly bytes: Uint8Array }[] = [];
  edges: Edge[] = [];
  seq = 0;

  login(username: string): void {
    this.seq++;
    this.users.push(username);
  }

  follow(follower: string, followee: string): Applied {
    const sinceSeq = ++this.seq;
    this.edges.push({ follower, followee, sinceSeq });
    return this.#applied({ kind: 'follow', username: follower, followee });
  }

  unfollow(follower: string, followee: string): Applied {
    this.seq++;
    this.edges = this.edges.filter((edge) => edge.follower !== follower || edge.followee !== followee);
    return this.#applied({ kind: 'unfollow', username: follower, followee });
  }

  post(author: string, text = `post of ${author}`): Applied {
    const seq = ++this.seq;
    const bytes = Post.encode({
      postId: `${seq}`,
      author,
      text,
      postedAt: undefined,
      seq: BigInt(seq),
    }).finish();
    const afterSeq = this.posts.findLast((post) => post.author === author)?.seq ?? 0;
    this.posts.push({ seq, author, bytes });
    return this.#applied({ kind: 'post', author, bytes, afterSeq });
  }

  /** The seqs of a timeline by its definition. */
  timeline(username: string, includeOwn: boolean): number[] {
    const since = new Map(
      this.edges
        .filter(({ follower }) => follower === username)
        .map(({ followee, sinceSeq }) => [followee, sinceSeq]),
    );
    if (includeOwn) since.set(username, 0);
    return this.posts
      .filter(({ author, seq }) => seq > (since.get(author) ?? Number.POSITIVE_INFINITY))
      .map(({ seq }) => seq);
  }

  get view(): View {
    const posts = (author: string): StoredPost[] => this.posts.filter((post) => post.author === author);
    return {
      hasUser: (username) => this.users.includes(username),
      users: (afterNumber, most) =>
        this.users.map((username, i) => ({ number: i + 1, username })).slice(afterNumber, afterNumber + most),
      following: (username) => this.#edges(({ follower }) => follower === username, 'followee'),
      followers: (username, afterSeq, most) =>
        this.#edges((edge) => edge.followee === username && edge.sinceSeq > afterSeq, 'follower').slice(
          0,
          most,
        ),
      newestSeq: (author) => posts(author).at(-1)?.seq ?? 0,
      postsBefore: (author, beforeSeq, most) =>
        posts(author)
          .filter(({ seq }) => seq < beforeSeq)
          .reverse()
          .slice(0, most),
      postsAfter: (author, afterSeq, most) =>
        posts(author)
          .filter(({ seq }) => seq > afterSeq)
          .slice(0, most),
      sessions: () => [],
      sessionOf: () => undefined,
    };
  }

  #edges(wanted: (edge: Edge) => boolean, end: 'follower' | 'followee'): Followee[] {
    return this.edges.filter(wanted).map((edge) => ({ username: edge[end], sinceSeq: edge.sinceSeq }));
  }

  #applied(change: Change): Applied {
    return { seq: this.seq, epoch: 1, id: undefined, outcome: { kind: 'done' }, change };
  }
}
