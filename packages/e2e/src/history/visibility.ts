import type { ChangeRecord, PostRecord } from './record.js';

interface Following {
  readonly begunMs: number;
  /** Infinity: it may have happened at any time since. */
  readonly sureMs: number;
  readonly unfollow: ChangeRecord | undefined;
}

/**
 * Who has to see what. Where calls overlap, or their outcome is unknown, both are right; the check only speaks when
 * the answers leave no doubt.
 */
export class Visibility {
  private readonly followings = new Map<string, Map<string, Following[]>>();
  private readonly posts: ReadonlyMap<string, PostRecord>;

  constructor(changes: readonly ChangeRecord[], posts: readonly PostRecord[]) {
    this.posts = new Map(posts.map((post) => [post.id, post]));
    const inOrder = [...changes]
      .filter(({ outcome }) => outcome !== 'refused')
      .sort((a, b) => a.begunMs - b.begunMs);
    for (const change of inOrder) this.take(change);
  }

  /** Followed for sure before the post was begun, and no unfollow was even begun before `untilMs`. */
  mustSee(reader: string, post: { readonly id: string; readonly author: string }, untilMs: number): boolean {
    const begunMs = this.posts.get(post.id)?.begunMs ?? Number.NEGATIVE_INFINITY;
    return this.of(reader, post.author).some(
      ({ sureMs, unfollow }) => sureMs < begunMs && (unfollow === undefined || unfollow.begunMs > untilMs),
    );
  }

  /** There is an order of what overlapped in which the post was made while it was followed. */
  maySee(reader: string, post: { readonly id: string; readonly author: string }, sinceMs: number): boolean {
    const record = this.posts.get(post.id);
    if (record === undefined) return true;
    return this.of(reader, post.author).some(
      ({ begunMs, unfollow }) =>
        begunMs < record.endedMs &&
        (unfollow === undefined || unfollow.endedMs > record.begunMs) &&
        (unfollow === undefined || unfollow.endedMs > sinceMs),
    );
  }

  everUnfollowed(reader: string): boolean {
    return [...(this.followings.get(reader)?.values() ?? [])]
      .flat()
      .some(({ unfollow }) => unfollow !== undefined);
  }

  private of(reader: string, author: string): readonly Following[] {
    return this.followings.get(reader)?.get(author) ?? [];
  }

  private take(change: ChangeRecord): void {
    const authors = this.followings.get(change.reader) ?? new Map<string, Following[]>();
    this.followings.set(change.reader, authors);
    const list = authors.get(change.author) ?? [];
    authors.set(change.author, list);
    if (change.kind === 'follow') {
      const sureMs = change.outcome === 'acknowledged' ? change.endedMs : Number.POSITIVE_INFINITY;
      list.push({ begunMs: change.begunMs, sureMs, unfollow: undefined });
      return;
    }
    const last = list.pop();
    if (last !== undefined) list.push({ ...last, unfollow: last.unfollow ?? change });
  }
}
