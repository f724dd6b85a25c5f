// One data directory: what is in memory, what is on the disk, and what a crash leaves of it.
import type { Configuration } from '../configuration/configuration.js';
import { File, type Health, type Write } from './file.js';
import { type Entry, Journal } from './journal.js';
import type { Process } from './process.js';
import { State } from './state.js';

export interface Facts {
  promisedEpoch: number;
  clusterId: string;
  configuration: Configuration | undefined;
}

/** After a quiet time what was applied is brought to the disk. */
const saveMs = 25;

export class Store {
  masterId: string;
  readonly health: Health = { slowMs: 0, full: false, failing: false };
  readonly journal = new Journal();
  readonly state = new State();
  /** On the disk. */
  readonly image = new Journal();
  saved = { seq: 0, epoch: 0, hash: 0 };
  facts: Facts = { promisedEpoch: 0, clusterId: '', configuration: undefined };
  readonly #owner: Process;
  readonly #journalFile: File;
  readonly #factsFile: File;
  readonly #keepEntries: number;
  #snapshot: State | undefined;
  #saving = false;
  #storages = 1;

  /** @param onFailed M13: final; the process ends */
  constructor(owner: Process, keepEntries: number, onFailed: () => void) {
    this.#owner = owner;
    this.#keepEntries = keepEntries;
    this.masterId = `${owner.name}.1`;
    const failed = (write: Write): void => {
      // What a failed flush has left on the disk nobody knows.
      write.land(owner.world.draws.next());
      onFailed();
    };
    this.#journalFile = new File(owner, this.health, failed);
    this.#factsFile = new File(owner, this.health, failed);
  }

  /** `done` when it is flushed; the journal shows it at once. */
  append(entries: readonly Entry[], done: () => void): void {
    const next = this.journal.lastSeq + 1;
    if (entries[0] !== undefined && entries[0].seq !== next) {
      this.#owner.world.oracle.found(`${this.masterId} appends ${entries[0].seq} in the place of ${next}`);
    }
    this.journal.append(entries);
    const land = (part: number): void =>
      this.image.append(part === 1 ? entries : entries.slice(0, Math.floor(part * (entries.length + 1))));
    this.#journalFile.write({ land, done });
  }

  truncateFrom(fromSeq: number): void {
    this.#owner.world.oracle.truncates(this.masterId, this.journal, fromSeq);
    this.journal.truncate(fromSeq);
    this.#journalFile.write({ land: (part) => part >= 0.5 && this.image.truncate(fromSeq), done: () => {} });
  }

  keep(facts: Partial<Facts>, done: () => void = () => {}): void {
    const land = (part: number): void => {
      if (part >= 0.5) this.facts = { ...this.facts, ...facts };
    };
    this.#factsFile.write({ land, done });
  }

  /** The committed ones, in order. */
  apply(entry: Entry): ReturnType<State['apply']> {
    const post = this.state.apply(entry);
    if (!this.#saving) this.#save();
    return post;
  }

  /** In the place of everything that is here. */
  restore(snapshot: State, done: () => void): void {
    const { appliedSeq: seq, appliedEpoch: epoch, hash } = snapshot;
    const land = (part: number): void => {
      if (part < 0.5) return;
      this.image.reset(seq, epoch);
      this.saved = { seq, epoch, hash };
      this.#snapshot = snapshot;
    };
    this.#journalFile.write({
      land,
      done: () => {
        this.journal.reset(seq, epoch);
        this.state.copyFrom(snapshot);
        this.#snapshot = undefined;
        done();
      },
    });
  }

  /** The process is gone; what was not flushed may be, too. */
  crash(): void {
    this.#journalFile.crash();
    this.#factsFile.crash();
    this.#saving = false;
    if (this.#snapshot !== undefined) this.state.copyFrom(this.#snapshot);
    this.#snapshot = undefined;
    this.state.backTo(this.saved);
    this.journal.copyFrom(this.image);
  }

  /** Another directory, another master (R7). */
  wipe(): void {
    this.masterId = `${this.#owner.name}.${++this.#storages}`;
    this.saved = { seq: 0, epoch: 0, hash: 0 };
    this.state.copyFrom(new State());
    this.image.reset(0, 0);
    this.journal.reset(0, 0);
    this.facts = { promisedEpoch: 0, clusterId: '', configuration: undefined };
  }

  #save(): void {
    this.#saving = true;
    this.#owner.later(saveMs, () => {
      const { appliedSeq: seq, appliedEpoch: epoch, hash } = this.state;
      this.#owner.later(1 + this.health.slowMs, () => {
        this.#saving = false;
        // A snapshot may have taken its place meanwhile.
        if (seq >= this.saved.seq && seq <= this.state.appliedSeq) this.saved = { seq, epoch, hash };
        this.#trim();
        if (this.state.appliedSeq > this.saved.seq) this.#save();
      });
    });
  }

  #trim(): void {
    const { lastSeq, firstSeq } = this.journal;
    if (lastSeq - firstSeq < 1.5 * this.#keepEntries) return;
    const from = Math.min(this.saved.seq + 1, lastSeq - this.#keepEntries);
    this.journal.trim(from);
    if (from <= this.image.lastSeq + 1) this.image.trim(from);
  }
}
