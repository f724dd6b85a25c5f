import type { Finding, History, OrderedPost, PostRecord } from './history.js';
import type { Kept } from './kept.js';

/** What was acknowledged is there, at its place and as it was; what was refused is not; nothing came from nowhere. */
export function checkPosts({ posts, order }: History, kept: Kept): readonly Finding[] {
  const begun = new Map(posts.map((post) => [post.id, post]));
  return [
    ...posts.flatMap((post) => checkOutcome(post, kept.get(post.id))),
    ...order.flatMap((post) => checkOrigin(post, begun.get(post.id))),
    ...checkSharedPlaces(posts),
  ];
}

function checkOutcome(post: PostRecord, found: OrderedPost | undefined): readonly Finding[] {
  if (post.outcome === 'refused' && found !== undefined)
    return [{ rule: 'refused leaves no trace', what: 'a refused post is there', evidence: [post, found] }];
  if (post.outcome !== 'acknowledged') return [];
  if (found === undefined)
    return [{ rule: 'acknowledged is kept', what: `post ${post.id} is lost`, evidence: [post] }];
  if (found.seq !== post.seq)
    return [
      {
        rule: 'acknowledged is kept',
        what: 'a post moved from its acknowledged place',
        evidence: [post, found],
      },
    ];
  return [];
}

function checkOrigin(found: OrderedPost, post: PostRecord | undefined): readonly Finding[] {
  if (post === undefined)
    return [{ rule: 'nothing from nowhere', what: 'nobody ever sent this post', evidence: [found] }];
  if (post.text !== found.text || post.author !== found.author)
    return [{ rule: 'as it was sent', what: 'author or text have changed', evidence: [post, found] }];
  return [];
}

function checkSharedPlaces(posts: readonly PostRecord[]): readonly Finding[] {
  const byPlace = new Map<number, PostRecord>();
  return posts.flatMap((post) => {
    if (post.outcome !== 'acknowledged' || post.seq === undefined) return [];
    const other = byPlace.get(post.seq);
    byPlace.set(post.seq, post);
    return other === undefined
      ? []
      : [{ rule: 'one order', what: 'two posts were acknowledged at one place', evidence: [other, post] }];
  });
}
