import type { JournalEntry } from '../journal-entry.js';

/** What an entry takes besides its bytes: an object and two views. Of short posts that is most of it. */
const aroundBytes = 256;

/** The newest entries in memory: whoever follows closely is never read from disk for. What is not flushed yet is always here. */
export class Recent {
  readonly #maxBytes: number;
  #entries: JournalEntry[] = [];
  /** Entries at the front of the array that were let go already. */
  #gone = 0;
  #bytes = 0;

  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes;
  }

  /** Undefined while it is empty. */
  get firstSeq(): number | undefined {
    return this.#entries[this.#gone]?.seq;
  }

  /** Of memory. */
  get bytes(): number {
    return this.#bytes;
  }

  /** Dense. */
  push(entry: JournalEntry): void {
    this.#entries.push(entry);
    this.#bytes += takenBy(entry);
  }

  /** Lets the oldest go, down to the bound, and none after `flushedSeq`. */
  trim(flushedSeq: number): void {
    while (this.#bytes > this.#maxBytes) {
      const oldest = this.#entries[this.#gone];
      if (oldest === undefined || oldest.seq > flushedSeq) break;
      this.#bytes -= takenBy(oldest);
      this.#gone++;
    }
    // What was let go stays in memory until then.
    if (this.#gone > this.#entries.length / 8) {
      this.#entries = this.#entries.slice(this.#gone);
      this.#gone = 0;
    }
  }

  cut(fromSeq: number): void {
    const { firstSeq } = this;
    if (firstSeq === undefined) return;
    const kept = Math.max(0, fromSeq - firstSeq) + this.#gone;
    for (const entry of this.#entries.slice(kept)) this.#bytes -= takenBy(entry);
    this.#entries.length = Math.min(kept, this.#entries.length);
  }

  /** At least one, when it begins here. */
  read(fromSeq: number, maxBytes: number): JournalEntry[] {
    const { firstSeq } = this;
    if (firstSeq === undefined || fromSeq < firstSeq) return [];
    const found: JournalEntry[] = [];
    let bytes = 0;
    for (let i = this.#gone + fromSeq - firstSeq; i < this.#entries.length; i++) {
      const entry = this.#entries[i] as JournalEntry;
      bytes += entry.bytes.length;
      if (bytes > maxBytes && found.length > 0) break;
      found.push(entry);
    }
    return found;
  }
}

function takenBy({ bytes }: JournalEntry): number {
  return aroundBytes + bytes.length;
}
