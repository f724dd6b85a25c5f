// Brings what was applied to the database, many entries in one transaction. The journal has them already, so nobody waits for it.
import type { Cancel, Clock } from '@everline/chassis';
import { failedBy } from './errors.js';
import type { Failure } from './failure.js';

export interface WriteBehindOptions {
  readonly clock: Clock;
  /** One transaction with everything applied so far. */
  readonly write: () => Promise<void>;
  /** What waits: entries that were applied, and what they changed. */
  readonly pending: () => { readonly entries: number; readonly records: number; readonly bytes: number };
  /** After each transaction. */
  readonly onWritten: () => void;
  readonly failure: Failure;
}

/** After a quiet time what was applied is written so soon: seldom enough not to stand in the way of the journal's flushes. */
const delayMs = 100;
/** More is written at once. A transaction keeps a page in memory for nearly every record, and as many twice in the file: the larger, the more of both. */
const manyRecords = 500;
/** While so much waits for the disk, new entries are not acknowledged: memory is bounded. */
const mostPendingBytes = 32 * 1024 * 1024;

export class WriteBehind {
  readonly #options: WriteBehindOptions;
  #cancel: Cancel | undefined;
  #writing: Promise<void> | undefined;
  #waiting: (() => void)[] = [];
  #isClosed = false;

  constructor(options: WriteBehindOptions) {
    this.#options = options;
  }

  /** More was applied. */
  noteApplied(): void {
    if (this.#writing !== undefined || this.#closed) return;
    if (this.#options.pending().records >= manyRecords) this.#begin();
    else this.#cancel ??= this.#options.clock.after(delayMs, () => this.#begin());
  }

  /** Resolves when more may be applied; undefined when it may now. */
  room(): Promise<void> | undefined {
    if (this.#options.pending().bytes < mostPendingBytes) return undefined;
    return new Promise((resolve) => this.#waiting.push(resolve));
  }

  /** Everything applied so far is in the database when it resolves. */
  async drain(): Promise<void> {
    await this.#writing;
    while (this.#options.pending().entries > 0 && !this.#closed) {
      this.#begin();
      await this.#writing;
    }
  }

  async close(): Promise<void> {
    this.#cancel?.();
    await this.drain();
    this.#isClosed = true;
  }

  get #closed(): boolean {
    return this.#isClosed || this.#options.failure.error !== undefined;
  }

  #begin(): void {
    this.#cancel?.();
    this.#cancel = undefined;
    if (!this.#closed) this.#writing ??= this.#write();
  }

  async #write(): Promise<void> {
    try {
      await this.#options.write();
    } catch (error) {
      this.#options.failure.report(failedBy('the database cannot be written', error)); // M13
      return;
    } finally {
      this.#writing = undefined;
    }
    for (const resolve of this.#waiting.splice(0)) resolve();
    this.#options.onWritten();
    if (this.#options.pending().entries > 0) this.noteApplied();
  }
}
