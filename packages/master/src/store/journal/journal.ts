/**
 * The one order of everything, as far as this master has it.
 *
 * M2: `append` resolves when the entries are flushed. M12: after a crash it is a prefix of what was appended. M13: the first error of writing is
 * final. What arrives while a flush is under way is the next write.
 */
import type { Disk } from '../disk.js';
import { failedBy } from '../errors.js';
import type { Failure } from '../failure.js';
import type { JournalEntry } from '../journal-entry.js';
import type { EpochRuns } from './epoch-runs.js';
import { Recent } from './recent.js';
import { recover } from './recover.js';
import type { Segment } from './segment.js';
import { Tail } from './tail.js';

export interface JournalOptions {
  readonly folder: string;
  readonly disk: Disk;
  /** Nothing was ever appended here. */
  readonly fresh: boolean;
  /** The last applied entry, which is flushed for certain. */
  readonly appliedSeq: number;
  /** The epochs of the applied entries. */
  readonly runs: EpochRuns;
  /** Of the newest entries, in memory. */
  readonly recentBytes: number;
  /** Of one file. */
  readonly fileBytes: number;
  readonly failure: Failure;
}

type Task = Append | Cut;

interface Append extends Waiter {
  readonly kind: 'append';
  readonly entries: readonly JournalEntry[];
}

interface Cut extends Waiter {
  readonly kind: 'cut';
  readonly fromSeq: number;
}

interface Waiter {
  readonly resolve: () => void;
  readonly reject: (error: Error) => void;
}

/** In one write, at most: more would keep the first ones waiting. */
const maxWriteBytes = 256 * 1024;
const maxWriteEntries = 4_096;

export class Journal implements AsyncDisposable {
  readonly #options: JournalOptions;
  readonly #segments: Segment[];
  readonly #tail: Tail;
  readonly #recent: Recent;
  readonly #tasks: Task[] = [];
  #lastSeq: number;
  #running: Promise<void> | undefined;

  private constructor(options: JournalOptions, segments: Segment[], lastSeq: number) {
    this.#options = options;
    this.#segments = segments;
    this.#tail = new Tail(options.folder, options.disk, segments, options.fileBytes);
    this.#recent = new Recent(options.recentBytes);
    this.#lastSeq = lastSeq;
  }

  /** @throws DamagedStore, NewerFormat */
  static async open(options: JournalOptions): Promise<Journal> {
    const { folder, disk, appliedSeq, runs, fresh } = options;
    if (fresh) {
      const journal = new Journal(options, [], appliedSeq);
      await journal.#tail.begin(appliedSeq + 1);
      return journal;
    }
    const { segments, lastSeq } = await recover(folder, disk, appliedSeq, runs);
    return new Journal(options, segments, lastSeq);
  }

  get firstSeq(): number {
    return this.#segments[0]?.firstSeq ?? this.#recent.firstSeq ?? this.#lastSeq + 1;
  }

  get lastSeq(): number {
    return this.#lastSeq;
  }

  epochAt(seq: number): number | undefined {
    return seq > this.#lastSeq || seq < this.firstSeq - 1 ? undefined : this.#options.runs.at(seq);
  }

  append(entries: readonly JournalEntry[]): Promise<void> {
    for (const entry of entries) {
      if (entry.seq !== this.#lastSeq + 1)
        throw new Error(`entry ${entry.seq} cannot follow entry ${this.#lastSeq}`);
      this.#lastSeq = entry.seq;
      this.#recent.push(entry);
      this.#options.runs.add(entry.seq, entry.epoch);
    }
    return this.#do((waiter) => ({ kind: 'append', entries, ...waiter }));
  }

  cut(fromSeq: number): Promise<void> {
    if (fromSeq > this.#lastSeq) return this.append([]);
    this.#lastSeq = fromSeq - 1;
    this.#recent.cut(fromSeq);
    this.#options.runs.cut(fromSeq);
    return this.#do((waiter) => ({ kind: 'cut', fromSeq, ...waiter }));
  }

  read(fromSeq: number, maxBytes: number): JournalEntry[] {
    if (fromSeq > this.#lastSeq || fromSeq < this.firstSeq) return [];
    const recent = this.#recent.firstSeq ?? this.#lastSeq + 1;
    if (fromSeq >= recent) return this.#recent.read(fromSeq, maxBytes);
    const segment = this.#segments.findLast(({ firstSeq }) => firstSeq <= fromSeq);
    if (segment === undefined) return [];
    const { disk, failure } = this.#options;
    const read = failure.watching(() => segment.read(segment.frameOf(fromSeq, disk), maxBytes, disk));
    return bounded(
      read.filter(({ seq }) => seq >= fromSeq && seq < recent),
      maxBytes,
    );
  }

  /** Throws away the oldest file, if it ends before this entry and the others are larger than `keepBytes`. True when one was. */
  async trim(beforeSeq: number, keepBytes: number): Promise<boolean> {
    const [oldest, second] = this.#segments;
    if (oldest === undefined || second === undefined || second.firstSeq > beforeSeq) return false;
    const others = this.#segments
      .slice(1)
      .reduce((sum, { path }) => sum + this.#options.disk.sizeSync(path), 0);
    if (others < keepBytes) return false;
    this.#segments.shift();
    await this.#options.disk.remove(oldest.path);
    return true;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#running;
    await this.#tail[Symbol.asyncDispose]();
  }

  #do(task: (waiter: Waiter) => Task): Promise<void> {
    return new Promise((resolve, reject) => {
      const { error } = this.#options.failure;
      if (error !== undefined) return reject(error);
      this.#tasks.push(task({ resolve, reject }));
      this.#running ??= this.#run();
    });
  }

  async #run(): Promise<void> {
    while (this.#tasks.length > 0) {
      const tasks = this.#takeTasks();
      try {
        if (this.#options.failure.error !== undefined) throw this.#options.failure.error;
        await this.#carryOut(tasks);
      } catch (error) {
        this.#fail(error, tasks);
        break;
      }
      for (const { resolve } of tasks) resolve();
    }
    this.#running = undefined;
  }

  async #carryOut(tasks: readonly Task[]): Promise<void> {
    const [first] = tasks;
    if (first?.kind === 'cut') return await this.#tail.cut(first.fromSeq);
    const entries: JournalEntry[] = [];
    for (const task of tasks) if (task.kind === 'append') entries.push(...task.entries);
    await this.#tail.write(entries);
    this.#recent.trim(entries.at(-1)?.seq ?? 0);
  }

  /** One cut, or appends that make one write. */
  #takeTasks(): Task[] {
    const taken: Task[] = [];
    let bytes = 0;
    let count = 0;
    for (let next = this.#tasks[0]; next !== undefined; next = this.#tasks[0]) {
      if (taken.length > 0 && (next.kind === 'cut' || bytes >= maxWriteBytes || count >= maxWriteEntries))
        break;
      this.#tasks.shift();
      taken.push(next);
      if (next.kind === 'cut') break;
      count += next.entries.length;
      for (const entry of next.entries) bytes += entry.bytes.length;
    }
    return taken;
  }

  /** M13: nothing is written after it. */
  #fail(cause: unknown, taken: readonly Task[]): void {
    const { failure, folder } = this.#options;
    const error = failure.error ?? failedBy(`the journal in ${folder} cannot be written`, cause);
    failure.report(error);
    for (const { reject } of [...taken, ...this.#tasks.splice(0)]) reject(error);
  }
}

function bounded(entries: readonly JournalEntry[], maxBytes: number): JournalEntry[] {
  let bytes = 0;
  const kept: JournalEntry[] = [];
  for (const entry of entries) {
    bytes += entry.bytes.length;
    if (bytes > maxBytes && kept.length > 0) break;
    kept.push(entry);
  }
  return kept;
}
