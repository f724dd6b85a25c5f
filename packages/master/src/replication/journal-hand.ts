// Carries out what the replica wants of the disk, and tells it when that is done (M2, M13).
import type { Clock } from '@everline/chassis';
import { type Effect, isReign } from '@everline/protocol/replica';
import type { Applied } from '../state/applied.js';
import { encodeEntry, type JournalEntry } from '../store/journal-entry.js';
import type { JournalStore } from './journal-store.js';
import type { ReplicaHost } from './replica-host.js';

type Of<K extends Effect['kind']> = Extract<Effect, { kind: K }>;

export interface JournalHandOptions {
  readonly store: JournalStore;
  readonly host: ReplicaHost;
  readonly clock: Clock;
  /** Right after they were applied: answers, then live timelines (M1). */
  readonly onApplied: (applied: readonly Applied[]) => void;
}

/** Applied and answered in one go, at most. Between two the loop is free, and who was answered first goes on while the others are answered. */
const applyEntries = 32;
const applyBytes = 256 * 1024;

export class JournalHand implements Disposable {
  readonly #options: JournalHandOptions;
  /** What came with the append that is being handled. */
  #arrived: readonly JournalEntry[] = [];
  #applyToSeq = 0;
  #applyScheduled = false;
  #whenApplied: (() => void)[] = [];
  #disposed = false;

  constructor(options: JournalHandOptions) {
    this.#options = options;
  }

  /** The entries of the append that is dispatched next. */
  arrive(entries: readonly JournalEntry[]): void {
    this.#arrived = entries;
  }

  promise({ epoch }: Of<'promise'>): void {
    const { store, host } = this.#options;
    this.#whenDone(store.keep({ promisedEpoch: epoch }), () => host.dispatch({ kind: 'promised', epoch }));
  }

  keep({ configuration }: Of<'keep'>): void {
    const { store } = this.#options;
    this.#whenDone(store.keep({ configuration }), () => undefined);
  }

  truncate({ fromSeq }: Of<'truncate'>): void {
    this.#whenDone(this.#options.store.truncateFrom(fromSeq), () => undefined);
  }

  store({ fromSeq, toSeq, generation }: Of<'store'>): void {
    const skipped = fromSeq - (this.#arrived[0]?.seq ?? fromSeq);
    this.append(skipped === 0 ? this.#arrived : this.#arrived.slice(skipped), toSeq, generation);
    this.#arrived = [];
  }

  begin({ epoch, seq, generation }: Of<'begin'>): void {
    this.append([encodeEntry(seq, epoch, nothing)], seq, generation);
  }

  /** Of the own reign, too: everything that enters the journal comes this way. */
  append(entries: readonly JournalEntry[], toSeq: number, generation: number, onFlushed?: () => void): void {
    const { store, host } = this.#options;
    this.#whenDone(store.append(entries), () => {
      host.dispatch({ kind: 'flushed', seq: toSeq, generation });
      onFlushed?.();
    });
  }

  /**
   * In a reign the first piece at once, for somebody waits; the rest piece by piece, for others do, too. At a standby nobody waits for that, and
   * everybody for the entries that came with it: they are on their way to the disk first.
   */
  apply({ toSeq }: Of<'apply'>): void {
    this.#applyToSeq = Math.max(this.#applyToSeq, toSeq);
    if (isReign(this.#options.host.replica.role)) this.#applySome();
    else this.#applySoon();
  }

  /** Calls `fn` when everything that was to be applied until now is: at once, as a rule. */
  whenApplied(fn: () => void): void {
    if (this.#applyScheduled) this.#whenApplied.push(fn);
    else fn();
  }

  /** Nothing is applied any more. */
  [Symbol.dispose](): void {
    this.#disposed = true;
  }

  #applySome(): void {
    if (this.#applyScheduled || this.#disposed) return;
    if (!this.#applyPiece()) {
      for (const fn of this.#whenApplied.splice(0)) fn();
      return;
    }
    this.#applySoon();
  }

  #applySoon(): void {
    if (this.#applyScheduled || this.#disposed) return;
    this.#applyScheduled = true;
    const { clock, host } = this.#options;
    clock.soon(() => {
      this.#applyScheduled = false;
      host.guarded(() => this.#applySome());
    });
  }

  /** True when there is more to apply. */
  #applyPiece(): boolean {
    const { store, onApplied } = this.#options;
    const { appliedSeq } = store.positions();
    const count = Math.min(this.#applyToSeq - appliedSeq, applyEntries);
    if (count <= 0) return false;
    const read = store.read(appliedSeq + 1, applyBytes);
    const entries = read.length > count ? read.slice(0, count) : read;
    if (entries.length === 0) throw new Error(`entry ${appliedSeq + 1} is committed and not in the journal`);
    onApplied(store.apply(entries));
    return appliedSeq + entries.length < this.#applyToSeq;
  }

  /** M13: a failure is the store's to report, once and for all; here nothing follows from it, above all no acknowledgement. */
  #whenDone(work: Promise<void>, then: () => void): void {
    work.then(then, () => undefined);
  }
}

const nothing = new Uint8Array(0);
