import type { Finding, History, OrderedPost, StreamRecord, TakenEntry } from './record.js';
import type { Visibility } from './visibility.js';

/** Every live timeline is a gap-free, ordered part of the one order, and its own chain proves it. */
export function checkStreams({ streams, order }: History, visibility: Visibility): readonly Finding[] {
  const stored = new Map(order.map((post) => [post.id, post]));
  return streams.flatMap((stream) => [
    ...checkChain(stream, visibility.everUnfollowed(stream.reader)),
    ...checkEntries(stream, stored, visibility),
    ...checkComplete(stream, order, visibility),
  ]);
}

function checkChain({ reader, entries }: StreamRecord, unfollowed: boolean): readonly Finding[] {
  return entries.flatMap((entry, index) => {
    const before = entries[index - 1];
    if (before === undefined) return [];
    const who = `the timeline of ${reader}`;
    if (entry.seq === before.seq)
      return [{ rule: 'nothing twice', what: `${who} shows a post again`, evidence: [before, entry] }];
    if (entry.seq < before.seq)
      return [{ rule: 'one order', what: `${who} goes back`, evidence: [before, entry] }];
    if (entry.prevSeq > before.seq)
      return [{ rule: 'no gap', what: `${who} lacks a post by its own chain`, evidence: [before, entry] }];
    if (entry.prevSeq < before.seq && !unfollowed)
      return [{ rule: 'true chain', what: `${who} names the wrong entry before`, evidence: [before, entry] }];
    return [];
  });
}

function checkEntries(
  { reader, includeOwn, entries }: StreamRecord,
  stored: ReadonlyMap<string, OrderedPost>,
  visibility: Visibility,
): readonly Finding[] {
  const known = (entry: TakenEntry): boolean => {
    const post = stored.get(entry.id);
    return (
      post !== undefined && post.seq === entry.seq && post.text === entry.text && post.author === entry.author
    );
  };
  const allowed = (entry: TakenEntry): boolean =>
    (includeOwn && entry.author === reader) || visibility.maySee(reader, entry, Number.NEGATIVE_INFINITY);
  return entries.flatMap((entry) => {
    if (!known(entry))
      return [
        {
          rule: 'only what is kept',
          what: `${reader} was shown what is not there`,
          evidence: [entry, stored.get(entry.id)],
        },
      ];
    if (!allowed(entry))
      return [
        { rule: 'only whom one follows', what: `${reader} was shown a stranger's post`, evidence: [entry] },
      ];
    return [];
  });
}

function checkComplete(
  stream: StreamRecord,
  order: readonly OrderedPost[],
  visibility: Visibility,
): readonly Finding[] {
  const { reader, includeOwn, entries, endedMs } = stream;
  const after = stream.afterSeq ?? entries[0]?.seq ?? Number.POSITIVE_INFINITY;
  const until = stream.untilSeq ?? entries.at(-1)?.seq ?? Number.NEGATIVE_INFINITY;
  const taken = new Set(entries.map(({ id }) => id));
  return order.flatMap((post) => {
    if (post.seq <= after || post.seq > until || taken.has(post.id)) return [];
    const due = (includeOwn && post.author === reader) || visibility.mustSee(reader, post, endedMs);
    return due ? [{ rule: 'no gap', what: `${reader} never got a post`, evidence: [post] }] : [];
  });
}
