import type { Finding, History, StreamRecord, TakenEntry } from './history.js';
import type { Kept } from './kept.js';
import type { Visibility } from './visibility.js';

/** Every live timeline is a gap-free, ordered part of the one order, and its own chain proves it. */
export function checkStreams({ streams }: History, kept: Kept, visibility: Visibility): readonly Finding[] {
  return streams.flatMap((stream) => [
    ...checkChain(stream, visibility.everUnfollowed(stream.reader)),
    ...checkEntries(stream, kept, visibility),
    ...checkComplete(stream, kept, visibility),
  ]);
}

function checkChain({ reader, entries }: StreamRecord, unfollowed: boolean): readonly Finding[] {
  return entries.flatMap((entry, index): readonly Finding[] => {
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
  kept: Kept,
  visibility: Visibility,
): readonly Finding[] {
  const known = (entry: TakenEntry): boolean => {
    const post = kept.get(entry.id);
    return (
      post !== undefined && post.seq === entry.seq && post.text === entry.text && post.author === entry.author
    );
  };
  const allowed = (entry: TakenEntry): boolean =>
    (includeOwn && entry.author === reader) || visibility.maySee(reader, entry, Number.NEGATIVE_INFINITY);
  return entries.flatMap((entry): readonly Finding[] => {
    if (!known(entry))
      return [
        {
          rule: 'only what is kept',
          what: `${reader} was shown what is not there`,
          evidence: [entry, kept.get(entry.id)],
        },
      ];
    if (!allowed(entry))
      return [
        { rule: 'only whom one follows', what: `${reader} was shown a stranger's post`, evidence: [entry] },
      ];
    return [];
  });
}

function checkComplete(stream: StreamRecord, kept: Kept, visibility: Visibility): readonly Finding[] {
  const { reader, includeOwn, entries, endedMs } = stream;
  const after = stream.afterSeq ?? entries[0]?.seq ?? Number.POSITIVE_INFINITY;
  const until = stream.untilSeq ?? entries.at(-1)?.seq ?? Number.NEGATIVE_INFINITY;
  const taken = new Set(entries.map(({ id }) => id));
  return visibility.authorsOf(reader, includeOwn).flatMap((author) =>
    kept.between(author, after, until).flatMap((post) => {
      if (taken.has(post.id)) return [];
      const due = (includeOwn && author === reader) || visibility.mustSee(reader, post, endedMs);
      return due ? [{ rule: 'no gap', what: `${reader} never got a post`, evidence: [post] }] : [];
    }),
  );
}
