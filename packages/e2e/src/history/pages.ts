import type { Finding, History, OrderedPost, PageRecord, PostRecord } from './record.js';
import type { Visibility } from './visibility.js';

/** Reads never lie: what was acknowledged before a page was asked for is on it. */
export function checkPages({ pages, posts, order }: History, visibility: Visibility): readonly Finding[] {
  const records = new Map(posts.map((post) => [post.id, post]));
  const stored = new Map(order.map((post) => [post.id, post]));
  return pages.flatMap((page) => [
    ...checkOrder(page, stored, visibility),
    ...checkFresh(page, order, records, visibility),
  ]);
}

function checkOrder(
  { reader, includeOwn, entries, begunMs }: PageRecord,
  stored: ReadonlyMap<string, OrderedPost>,
  visibility: Visibility,
): readonly Finding[] {
  return entries.flatMap((entry, index) => {
    const newer = entries[index - 1];
    const post = stored.get(entry.id);
    if (newer !== undefined && newer.seq <= entry.seq)
      return [
        { rule: 'one order', what: `a page of ${reader} is not newest first`, evidence: [newer, entry] },
      ];
    if (post?.seq !== entry.seq)
      return [
        { rule: 'only what is kept', what: `${reader} read what is not there`, evidence: [entry, post] },
      ];
    if (!(includeOwn && post.author === reader) && !visibility.maySee(reader, post, begunMs))
      return [{ rule: 'only whom one follows', what: `${reader} read a stranger's post`, evidence: [post] }];
    return [];
  });
}

function checkFresh(
  page: PageRecord,
  order: readonly OrderedPost[],
  records: ReadonlyMap<string, PostRecord>,
  visibility: Visibility,
): readonly Finding[] {
  const { reader, includeOwn, begunMs, endedMs, entries, whole } = page;
  const oldest = whole ? 0 : (entries.at(-1)?.seq ?? Number.POSITIVE_INFINITY);
  const read = new Set(entries.map(({ id }) => id));
  return order.slice(firstBehind(order, oldest)).flatMap((post) => {
    const record = records.get(post.id);
    if (record === undefined || read.has(post.id)) return [];
    if (record.outcome !== 'acknowledged' || record.endedMs >= begunMs) return [];
    const due = (includeOwn && post.author === reader) || visibility.mustSee(reader, post, endedMs);
    return due
      ? [
          {
            rule: 'reads never lie',
            what: `${reader} read less than was promised`,
            evidence: [record, { begunMs, endedMs }],
          },
        ]
      : [];
  });
}

/** Index of the first post with a larger place. */
function firstBehind(order: readonly OrderedPost[], seq: number): number {
  let low = 0;
  let high = order.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((order[middle]?.seq ?? 0) > seq) high = middle;
    else low = middle + 1;
  }
  return low;
}
