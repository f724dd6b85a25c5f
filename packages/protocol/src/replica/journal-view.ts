/** What a decision may know of the journal: positions, never payloads. It shows what was appended, flushed or not. */
export interface JournalView {
  /** The oldest entry that can still be read; lastSeq + 1 when there is none. */
  readonly firstSeq: number;
  /** 0 while nothing was ever appended. */
  readonly lastSeq: number;
  /** Of the entry at `seq`; of firstSeq - 1, too. Undefined when it is not there, or is kept no more. */
  epochAt(seq: number): number | undefined;
}

/** The place before the first entry belongs to no reign. */
export function epochAt(journal: JournalView, seq: number): number | undefined {
  return seq === 0 ? 0 : journal.epochAt(seq);
}
