import type { Finding, History, JournalRecord } from './history.js';

type Entry = JournalRecord['entries'][number];

/** Every in-sync master has everything that anyone holds to be committed, and the same at each place. */
export function checkJournals({ journals }: History): readonly Finding[] {
  const committedSeq = Math.max(0, ...journals.map((journal) => journal.committedSeq));
  const agreed = new Map<number, Entry>();
  return journals.flatMap((journal) => [
    ...checkChain(journal, committedSeq),
    ...checkEqual(journal, committedSeq, agreed),
  ]);
}

function checkChain({ masterId, entries }: JournalRecord, committedSeq: number): readonly Finding[] {
  const last = entries.at(-1);
  const short: Finding[] =
    (last?.seq ?? 0) < committedSeq
      ? [
          {
            rule: 'equal journals',
            what: `${masterId} lacks what is committed`,
            evidence: [last, { committedSeq }],
          },
        ]
      : [];
  const broken = entries.flatMap((entry, index): readonly Finding[] => {
    const before = entries[index - 1];
    if (before === undefined) return [];
    if (entry.seq !== before.seq + 1)
      return [
        { rule: 'equal journals', what: `the journal of ${masterId} has a gap`, evidence: [before, entry] },
      ];
    if (entry.epoch < before.epoch)
      return [
        { rule: 'epochs grow', what: `the journal of ${masterId} goes back`, evidence: [before, entry] },
      ];
    return [];
  });
  return [...short, ...broken];
}

function checkEqual(
  { masterId, entries }: JournalRecord,
  committedSeq: number,
  agreed: Map<number, Entry>,
): readonly Finding[] {
  return entries.flatMap((entry): readonly Finding[] => {
    if (entry.seq > committedSeq) return [];
    const other = agreed.get(entry.seq);
    if (other === undefined) {
      agreed.set(entry.seq, entry);
      return [];
    }
    if (other.epoch === entry.epoch && other.digest === entry.digest) return [];
    return [
      { rule: 'equal journals', what: `${masterId} differs at ${entry.seq}`, evidence: [other, entry] },
    ];
  });
}
