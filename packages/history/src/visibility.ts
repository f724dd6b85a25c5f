import { groupBy } from './group.js';
import type { ChangeRecord, PostRecord } from './history.js';
import { Staircase } from './staircase.js';

interface Post {
  readonly id: string;
  readonly author: string;
}

/**
 * Who has to see what. Where calls overlap, or their outcome is unknown, both are right; the check only speaks when
 * the answers leave no doubt.
 */
export class Visibility {
  private readonly followings = new Map<string, Map<string, Following>>();
  private readonly posts: ReadonlyMap<string, PostRecord>;

  constructor(changes: readonly ChangeRecord[], posts: readonly PostRecord[]) {
    this.posts = new Map(posts.map((post) => [post.id, post]));
    const happened = changes.filter(({ outcome }) => outcome !== 'refused');
    for (const [reader, theirs] of groupBy(happened, (change) => change.reader)) {
      const authors = groupBy(theirs, ({ author }) => author);
      const pairs = [...authors].map(([author, both]) => [author, new Following(both)] as const);
      this.followings.set(reader, new Map(pairs));
    }
  }

  /** Followed for sure before the post was begun, and no unfollow since was even begun before `untilMs`. */
  mustSee(reader: string, post: Post, untilMs: number): boolean {
    const begunMs = this.posts.get(post.id)?.begunMs ?? Number.NEGATIVE_INFINITY;
    return this.followings.get(reader)?.get(post.author)?.surely(begunMs, untilMs) ?? false;
  }

  /** There is an order of what overlapped in which the post was made, and shown since, while it was followed. */
  maySee(reader: string, post: Post, sinceMs: number): boolean {
    const record = this.posts.get(post.id);
    if (record === undefined) return true;
    const shownMs = Math.max(record.begunMs, sinceMs);
    return this.followings.get(reader)?.get(post.author)?.possibly(record.endedMs, shownMs) ?? false;
  }

  /** Everybody whom the reader ever followed. */
  authorsOf(reader: string, includeOwn: boolean): readonly string[] {
    const followed = this.followings.get(reader)?.keys() ?? [];
    return [...new Set(includeOwn ? [...followed, reader] : followed)];
  }

  everUnfollowed(reader: string): boolean {
    return [...(this.followings.get(reader)?.values() ?? [])].some(({ ended }) => ended);
  }
}

/** All follows and unfollows of one author by one reader. */
class Following {
  readonly ended: boolean;
  /** Of follows: from the end of an acknowledged one to its beginning, from the beginning of any to its end. */
  private readonly begunByEnd: Staircase;
  private readonly endByBegun: Staircase;
  /** Of unfollows: from the beginning of any to its end; from the right, of an acknowledged one. */
  private readonly unfollowed: Staircase;
  private readonly surelyUnfollowed: Staircase;

  constructor(changes: readonly ChangeRecord[]) {
    const follows = changes.filter(({ kind }) => kind === 'follow');
    const unfollows = changes.filter(({ kind }) => kind === 'unfollow');
    this.ended = unfollows.length > 0;
    this.begunByEnd = new Staircase(follows.filter(sure).map(({ endedMs, begunMs }) => [endedMs, begunMs]));
    this.endByBegun = new Staircase(follows.map(({ endedMs, begunMs }) => [begunMs, endedMs]));
    this.unfollowed = new Staircase(unfollows.map(({ endedMs, begunMs }) => [begunMs, endedMs]));
    this.surelyUnfollowed = new Staircase(
      unfollows.filter(sure).map(({ endedMs, begunMs }) => [-begunMs, -endedMs]),
    );
  }

  surely(sinceMs: number, untilMs: number): boolean {
    const latestBegunMs = this.begunByEnd.before(sinceMs);
    return latestBegunMs > Number.NEGATIVE_INFINITY && this.unfollowed.upTo(untilMs) < latestBegunMs;
  }

  possibly(followedMs: number, shownMs: number): boolean {
    const latestEndMs = this.endByBegun.upTo(followedMs);
    return latestEndMs > Number.NEGATIVE_INFINITY && -this.surelyUnfollowed.before(-latestEndMs) >= shownMs;
  }
}

function sure({ outcome }: ChangeRecord): boolean {
  return outcome === 'acknowledged';
}
