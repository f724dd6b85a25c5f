import { groupBy } from './group.js';
import type { OrderedPost } from './history.js';
import { firstIndex } from './search.js';

/** The posts that are there at the end, by id and by author. */
export class Kept {
  private readonly byId: ReadonlyMap<string, OrderedPost>;
  private readonly byAuthor: ReadonlyMap<string, readonly OrderedPost[]>;

  constructor(order: readonly OrderedPost[]) {
    this.byId = new Map(order.map((post) => [post.id, post]));
    this.byAuthor = groupBy(order, ({ author }) => author);
  }

  get(id: string): OrderedPost | undefined {
    return this.byId.get(id);
  }

  /** The author's posts behind one place and not behind the other. */
  between(author: string, afterSeq: number, untilSeq: number): readonly OrderedPost[] {
    const posts = this.byAuthor.get(author) ?? [];
    const firstBehind = (seq: number): number =>
      firstIndex(posts.length, (index) => (posts[index]?.seq ?? 0) > seq);
    return posts.slice(firstBehind(afterSeq), firstBehind(untilSeq));
  }
}
