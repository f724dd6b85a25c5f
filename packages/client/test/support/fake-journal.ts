import type { Post, TimelineEntry } from '@everline/contracts';

/** What all fake masters hold together: every post, in the one order. Everybody's timeline is all of it. */
export class FakeJournal {
  readonly posts: Post[] = [];
  readonly #watchers = new Set<(entry: TimelineEntry) => void>();
  /** Every id in the order of its first arrival, counted. */
  readonly arrivals = new Map<string, number>();

  append(postId: string, author: string, text: string): Post {
    this.arrivals.set(postId, (this.arrivals.get(postId) ?? 0) + 1);
    const known = this.posts.find((post) => post.postId === postId);
    if (known !== undefined) return known;
    const seq = BigInt(this.posts.length + 1);
    const post: Post = { postId, author, text, postedAt: { seconds: 1_000n + seq, nanos: 5_000_000 }, seq };
    this.posts.push(post);
    const entry = this.entry(this.posts.length);
    for (const watcher of this.#watchers) watcher(entry);
    return post;
  }

  entry(seq: number): TimelineEntry {
    return { post: this.posts[seq - 1], cursor: `c${seq}`, prevSeq: BigInt(seq - 1) };
  }

  from(afterSeq: number): TimelineEntry[] {
    return this.posts.slice(afterSeq).map((_, index) => this.entry(afterSeq + index + 1));
  }

  get cursor(): string {
    return `c${this.posts.length}`;
  }

  get texts(): string[] {
    return this.posts.map(({ text }) => text);
  }

  watch(watcher: (entry: TimelineEntry) => void): () => void {
    this.#watchers.add(watcher);
    return () => this.#watchers.delete(watcher);
  }
}
