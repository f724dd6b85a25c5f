// A store without a disk: as slow as it is told to be, and it fails when it is told to.
import { Command, type StoredRecord } from '@everline/contracts';
import type { JournalStore } from '../../src/replication/journal-store.js';
import type { Applied } from '../../src/state/applied.js';
import { commandIdOf } from '../../src/state/command.js';
import type { Draft } from '../../src/state/draft.js';
import type { Outcome } from '../../src/state/outcome.js';
import type { JournalEntry } from '../../src/store/journal-entry.js';
import type { Facts, Positions, SnapshotReader, SnapshotWriter } from '../../src/store/store.js';
import type { View } from '../../src/timeline/view.js';

export class MemoryStore implements JournalStore {
  masterId: string;
  readonly failed: Promise<Error>;
  flushMs: number;
  full = false;
  /** The ids of what was applied, in order. */
  applied: { readonly seq: number; readonly epoch: number; readonly id: string | undefined }[] = [];
  #fail: (error: Error) => void = () => undefined;
  #broken = false;
  #facts: Facts = { history: 0, promisedEpoch: 0 };
  #journal: JournalEntry[] = [];
  #firstSeq = 1;
  #trimmedEpoch = 0;
  #appliedSeq = 0;
  #appliedEpoch = 0;
  #atMs = 0;
  #answers = new Map<string, Outcome>();

  constructor(masterId: string, flushMs = 0) {
    this.masterId = masterId;
    this.flushMs = flushMs;
    this.failed = new Promise((resolve) => {
      this.#fail = resolve;
    });
  }

  get view(): View {
    throw new Error('this store has no state to look into');
  }

  breakDisk(): void {
    this.#broken = true;
    this.#fail(new Error('EIO'));
  }

  /** Forgets all entries up to here, as trimming does. */
  trim(throughSeq: number): void {
    this.#trimmedEpoch = this.epochAt(throughSeq) ?? 0;
    this.#journal = this.#journal.slice(throughSeq - this.#firstSeq + 1);
    this.#firstSeq = throughSeq + 1;
  }

  facts(): Facts {
    return this.#facts;
  }

  keep(facts: Partial<Facts>): Promise<void> {
    this.#facts = { ...this.#facts, ...facts };
    return this.#flush();
  }

  positions(): Positions {
    const lastSeq = this.#firstSeq + this.#journal.length - 1;
    return {
      firstSeq: this.#firstSeq,
      lastSeq,
      lastEpoch: this.epochAt(lastSeq) ?? 0,
      appliedSeq: this.#appliedSeq,
      appliedEpoch: this.#appliedEpoch,
    };
  }

  stateHash(): string {
    return String(this.#answers.size);
  }

  epochAt(seq: number): number | undefined {
    return seq === this.#firstSeq - 1 ? this.#trimmedEpoch : this.#journal[seq - this.#firstSeq]?.epoch;
  }

  append(entries: readonly JournalEntry[]): Promise<void> {
    for (const entry of entries) {
      if (entry.seq !== this.positions().lastSeq + 1) throw new Error(`a gap before ${entry.seq}`);
      this.#journal.push(entry);
    }
    return this.#flush();
  }

  truncateFrom(seq: number): Promise<void> {
    if (seq <= this.#appliedSeq) throw new Error(`${seq} is applied`);
    this.#journal.length = seq - this.#firstSeq;
    return this.#flush();
  }

  read(fromSeq: number, maxBytes: number): JournalEntry[] {
    const found: JournalEntry[] = [];
    let bytes = 0;
    for (let i = fromSeq - this.#firstSeq; i >= 0 && i < this.#journal.length && bytes < maxBytes; i++) {
      const entry = this.#journal[i] as JournalEntry;
      found.push(entry);
      bytes += entry.bytes.length;
    }
    return found;
  }

  apply(entries: readonly JournalEntry[]): Applied[] {
    return entries.map(({ seq, epoch, command }) => {
      if (seq !== this.#appliedSeq + 1) throw new Error(`${seq} after ${this.#appliedSeq}`);
      this.#appliedSeq = seq;
      this.#appliedEpoch = epoch;
      const id = commandIdOf(command);
      this.applied.push({ seq, epoch, id });
      if (id === undefined) return { seq, epoch, id, outcome: { kind: 'done' } };
      const outcome = this.#answers.get(id) ?? outcomeOf(command);
      this.#atMs = Number(Command.decode(command).atMs);
      this.#answers.set(id, outcome);
      return { seq, epoch, id, outcome };
    });
  }

  answerTo(draft: Draft): Outcome | undefined {
    return this.#answers.get(draft.id);
  }

  lastAtMs(): number {
    return this.#atMs;
  }

  diskFull(): boolean {
    return this.full;
  }

  openSnapshot(): SnapshotReader {
    const { appliedSeq, appliedEpoch } = this.positions();
    const stateHash = this.stateHash();
    const answers = [...this.#answers];
    return {
      asOfSeq: appliedSeq,
      asOfEpoch: appliedEpoch,
      stateHash,
      *followerInfo() {
        yield new Map();
      },
      *records() {
        for (const [id, outcome] of answers) {
          const record: StoredRecord = { key: Buffer.from(id), value: Buffer.from(JSON.stringify(outcome)) };
          yield [record];
        }
      },
      [Symbol.dispose]: () => undefined,
    };
  }

  beginRestore(): Promise<SnapshotWriter> {
    const answers = new Map<string, Outcome>();
    return Promise.resolve({
      addFollowerInfo: () => Promise.resolve(),
      addRecords: (records) => {
        for (const { key, value } of records) answers.set(String(key), JSON.parse(String(value)) as Outcome);
        return Promise.resolve();
      },
      finish: ({ asOfSeq, asOfEpoch }) => {
        this.#answers = answers;
        this.#journal = [];
        this.#firstSeq = asOfSeq + 1;
        this.#trimmedEpoch = asOfEpoch;
        this.#appliedSeq = asOfSeq;
        this.#appliedEpoch = asOfEpoch;
        return this.#flush();
      },
      [Symbol.asyncDispose]: () => Promise.resolve(),
    });
  }

  discard(): Promise<string> {
    return Promise.resolve(this.masterId);
  }

  [Symbol.asyncDispose](): Promise<void> {
    return Promise.resolve();
  }

  #flush(): Promise<void> {
    return new Promise((resolve) => {
      const done = (): void => {
        if (!this.#broken) resolve();
      };
      if (this.flushMs === 0) setImmediate(done);
      else setTimeout(done, this.flushMs).unref();
    });
  }
}

function outcomeOf(command: Uint8Array): Outcome {
  const { command: what } = Command.decode(command);
  return what?.$case === 'post' ? { kind: 'post', post: what.value } : { kind: 'done' };
}
