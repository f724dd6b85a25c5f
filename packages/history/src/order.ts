import type { Finding, History, OrderedPost, PostRecord } from './history.js';
import type { Known } from './known.js';

/** The one order itself: places grow, nothing is in it twice, and it does not contradict time. */
export function checkOrder({ order, posts }: History, known: Known): readonly Finding[] {
  return [...checkPlaces(order), ...checkTwice(order), ...checkTime(order, posts, known)];
}

function checkPlaces(order: readonly OrderedPost[]): readonly Finding[] {
  return order.flatMap((post, index) => {
    const before = order[index - 1];
    if (before === undefined || before.seq < post.seq) return [];
    return [{ rule: 'one order', what: 'a place does not grow', evidence: [before, post] }];
  });
}

function checkTwice(order: readonly OrderedPost[]): readonly Finding[] {
  const first = new Map<string, OrderedPost>();
  return order.flatMap((post) => {
    const other = first.get(post.id);
    if (other === undefined) {
      first.set(post.id, post);
      return [];
    }
    return [{ rule: 'exactly once', what: `post ${post.id} is there twice`, evidence: [other, post] }];
  });
}

/** What was known before another was begun stands before it. From the right: the first known of all that stand later. */
function checkTime(
  order: readonly OrderedPost[],
  posts: readonly PostRecord[],
  known: Known,
): readonly Finding[] {
  const records = new Map(posts.map((post) => [post.id, post]));
  const findings: Finding[] = [];
  let knownMs = Number.POSITIVE_INFINITY;
  let earliest: PostRecord | undefined;
  for (const { id } of order.toReversed()) {
    const post = records.get(id);
    if (post === undefined) continue;
    if (knownMs < post.begunMs)
      findings.push({
        rule: 'real-time order',
        what: 'a post stands before one that was known before it was begun',
        evidence: [post, earliest, { knownMs }],
      });
    if (known.sinceMs(id) < knownMs) {
      knownMs = known.sinceMs(id);
      earliest = post;
    }
  }
  return findings;
}
