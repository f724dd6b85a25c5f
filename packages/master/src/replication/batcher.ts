// Proposals become journal entries. Batches form by themselves: what arrives while a flush is under way is the next one.
import type { Clock } from '@everline/chassis';
import { encodeCommand } from '../state/command.js';
import { encodeEntry, type JournalEntry } from '../store/journal-entry.js';
import type { JournalHand } from './journal-hand.js';
import type { JournalStore } from './journal-store.js';
import type { Proposal } from './proposals.js';
import type { ReplicaHost } from './replica-host.js';

export interface BatcherOptions {
  readonly host: Pick<ReplicaHost, 'replica'>;
  readonly hand: Pick<JournalHand, 'append'>;
  readonly clock: Clock;
  readonly store: Pick<JournalStore, 'positions' | 'lastAtMs'>;
  /** The journal has grown: send it to the standbys. */
  readonly onAppended: () => void;
}

/** More would stand in the way of everyone else for longer than a few milliseconds. */
const maxBatchEntries = 256;
const maxBatchBytes = 256 * 1024;
/** Flushes under way at once. One more than the disk needs to be busy only makes batches smaller. */
const maxFlushes = 2;

export class Batcher {
  readonly #options: BatcherOptions;
  #waiting: Proposal[] = [];
  #scheduled = false;
  #flushes = 0;
  #lastAtMs = 0;

  constructor(options: BatcherOptions) {
    this.#options = options;
  }

  add(proposal: Proposal): void {
    this.#waiting.push(proposal);
    this.kick();
  }

  /** To be called when the role allows appending (again). Everything that arrives in this turn of the loop shares a batch. */
  kick(): void {
    if (this.#scheduled || this.#waiting.length === 0 || this.#flushes >= maxFlushes) return;
    this.#scheduled = true;
    this.#options.clock.soon(() => {
      this.#scheduled = false;
      this.#send();
    });
  }

  /** The reign is over: what was not appended never will be. */
  clear(): void {
    this.#waiting = [];
  }

  #send(): void {
    const { host, hand, onAppended } = this.#options;
    const { role, standing } = host.replica;
    if (role.kind !== 'available') return;
    const entries = this.#encode(role.epoch);
    const last = entries.at(-1);
    if (last === undefined) return;
    this.#flushes++;
    hand.append(entries, last.seq, standing.generation, () => {
      this.#flushes--;
      this.kick();
    });
    onAppended();
    this.kick();
  }

  #encode(epoch: number): readonly JournalEntry[] {
    const { clock, store } = this.#options;
    this.#lastAtMs = Math.max(this.#lastAtMs, store.lastAtMs(), clock.wallMs()); // T1
    const entries: JournalEntry[] = [];
    let { lastSeq: seq } = store.positions();
    let bytes = 0;
    let taken = 0;
    while (taken < this.#waiting.length && entries.length < maxBatchEntries && bytes < maxBatchBytes) {
      const { draft } = this.#waiting[taken++] as Proposal;
      seq++;
      const entry = encodeEntry(seq, epoch, encodeCommand(draft, { seq, atMs: this.#lastAtMs }));
      entries.push(entry);
      bytes += entry.bytes.length;
    }
    this.#waiting = taken === this.#waiting.length ? [] : this.#waiting.slice(taken);
    return entries;
  }
}
