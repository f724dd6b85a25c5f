import type { JournalView } from '../replica/journal-view.js';

export interface Entry {
  readonly seq: number;
  readonly epoch: number;
  /** Of the command; empty for the entry that begins a reign. */
  readonly id: string;
}

/** Entries one after the other; the oldest are thrown away. Used for what is in memory and for what is on the disk. */
export class Journal implements JournalView {
  firstSeq = 1;
  #baseEpoch = 0;
  #entries: Entry[] = [];

  get lastSeq(): number {
    return this.firstSeq + this.#entries.length - 1;
  }

  get lastEpoch(): number {
    return this.#entries.at(-1)?.epoch ?? this.#baseEpoch;
  }

  at(seq: number): Entry | undefined {
    return this.#entries[seq - this.firstSeq];
  }

  epochAt(seq: number): number | undefined {
    return seq === this.firstSeq - 1 ? this.#baseEpoch : this.#entries[seq - this.firstSeq]?.epoch;
  }

  read(fromSeq: number, most: number): readonly Entry[] {
    if (fromSeq < this.firstSeq) return [];
    return this.#entries.slice(fromSeq - this.firstSeq, fromSeq - this.firstSeq + most);
  }

  append(entries: readonly Entry[]): void {
    for (const entry of entries) this.#entries.push(entry);
  }

  truncate(fromSeq: number): void {
    this.#entries.length = Math.max(0, Math.min(this.#entries.length, fromSeq - this.firstSeq));
  }

  /** What is before `firstSeq` is kept no more. */
  trim(firstSeq: number): void {
    if (firstSeq <= this.firstSeq) return;
    this.#baseEpoch = this.epochAt(firstSeq - 1) ?? this.#baseEpoch;
    this.#entries.splice(0, firstSeq - this.firstSeq);
    this.firstSeq = firstSeq;
  }

  /** It begins anew after this place. */
  reset(seq: number, epoch: number): void {
    this.firstSeq = seq + 1;
    this.#baseEpoch = epoch;
    this.#entries = [];
  }

  copyFrom(other: Journal): void {
    this.firstSeq = other.firstSeq;
    this.#baseEpoch = other.#baseEpoch;
    this.#entries = [...other.#entries];
  }
}
