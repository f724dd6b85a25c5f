import type { Finding, History, OrderedPost, PostRecord } from './record.js';

/** The one order itself: places grow, nothing is in it twice, and it does not contradict time. */
export function checkOrder({ order, posts }: History): readonly Finding[] {
  return [...checkPlaces(order), ...checkTwice(order), ...checkTime(order, posts)];
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

/** What ended before another began stands before it. From the right: the earliest end among all that stand later. */
function checkTime(order: readonly OrderedPost[], posts: readonly PostRecord[]): readonly Finding[] {
  const records = new Map(posts.map((post) => [post.id, post]));
  const findings: Finding[] = [];
  let earliest: PostRecord | undefined;
  for (const { id } of order.toReversed()) {
    const post = records.get(id);
    if (post === undefined) continue;
    if (earliest !== undefined && earliest.endedMs < post.begunMs)
      findings.push({
        rule: 'real-time order',
        what: 'a post stands before one that had been acknowledged before it was begun',
        evidence: [post, earliest],
      });
    if (post.outcome === 'acknowledged' && (earliest === undefined || post.endedMs < earliest.endedMs))
      earliest = post;
  }
  return findings;
}
