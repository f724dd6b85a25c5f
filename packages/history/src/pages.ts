import type { Finding, History, PageRecord } from './history.js';
import type { Kept } from './kept.js';
import type { Known } from './known.js';
import type { Visibility } from './visibility.js';

/** Reads never lie: what was acknowledged, or shown to anybody, before a page was asked for is on it. */
export function checkPages(
  { pages }: History,
  kept: Kept,
  known: Known,
  visibility: Visibility,
): readonly Finding[] {
  return pages.flatMap((page) => [
    ...checkEntries(page, kept, visibility),
    ...checkFresh(page, kept, known, visibility),
  ]);
}

function checkEntries(
  { reader, includeOwn, entries, begunMs }: PageRecord,
  kept: Kept,
  visibility: Visibility,
): readonly Finding[] {
  return entries.flatMap((entry, index): readonly Finding[] => {
    const newer = entries[index - 1];
    const post = kept.get(entry.id);
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

function checkFresh(page: PageRecord, kept: Kept, known: Known, visibility: Visibility): readonly Finding[] {
  const { reader, includeOwn, begunMs, endedMs, entries, whole } = page;
  const oldest = whole ? 0 : (entries.at(-1)?.seq ?? Number.POSITIVE_INFINITY);
  const newest = known.newestSeqBefore(begunMs);
  const read = new Set(entries.map(({ id }) => id));
  return visibility.authorsOf(reader, includeOwn).flatMap((author) =>
    kept.between(author, oldest, newest).flatMap((post) => {
      if (read.has(post.id) || known.sinceMs(post.id) >= begunMs) return [];
      const due = (includeOwn && author === reader) || visibility.mustSee(reader, post, endedMs);
      if (!due) return [];
      const what = `${reader} read less than was known`;
      const evidence = [post, { knownMs: known.sinceMs(post.id), begunMs, endedMs }];
      return [{ rule: 'reads never lie', what, evidence }];
    }),
  );
}
