/**
 * The store of one master: facts, journal and state.
 *
 * M2: what is appended is flushed before it is acknowledged. M12: state and position change in one transaction, and never before the journal
 * has what they come from. M13: the first error of writing is final. M14: room is kept on the disk.
 */
import type { Clock, Log, Random } from '@everline/chassis';
import type { Applied } from '../state/applied.js';
import type { Draft } from '../state/draft.js';
import type { Outcome } from '../state/outcome.js';
import { StateView } from '../state/state-view.js';
import type { View } from '../timeline/view.js';
import type { Disk } from './disk.js';
import type { DiskSpace } from './disk-space.js';
import { failedBy } from './errors.js';
import { type Home, toStored } from './facts.js';
import type { FactsFile } from './facts-file.js';
import { foldersOf, makeFolders, setAside } from './folder.js';
import { Generation, type GenerationOptions } from './generation.js';
import type { JournalEntry } from './journal-entry.js';
import { readSnapshot } from './snapshot/reader.js';
import { Restore } from './snapshot/restore.js';
import type { Facts, Positions, SnapshotReader, SnapshotWriter, Store } from './store.js';

export interface MasterStoreOptions {
  readonly dir: string;
  readonly disk: Disk;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Log | undefined;
  readonly factsFile: FactsFile;
  readonly home: Home;
  readonly facts: Facts;
  readonly space: DiskSpace;
  readonly generation: Generation;
  readonly generationOptions: GenerationOptions;
}

export class MasterStore implements Store {
  readonly failed: Promise<Error>;
  readonly view: View;
  readonly #options: MasterStoreOptions;
  /** T1: a wall clock that jumps later says nothing about the age of an id. */
  readonly #started: { readonly wallMs: number; readonly nowMs: number };
  #home: Home;
  #facts: Facts;
  #generation: Generation;
  #restore: Restore | undefined;

  constructor(options: MasterStoreOptions) {
    this.#options = options;
    this.failed = options.generationOptions.failure.happened;
    this.#home = options.home;
    this.#facts = options.facts;
    this.#generation = options.generation;
    this.#started = { wallMs: options.clock.wallMs(), nowMs: options.clock.nowMs() };
    this.view = new StateView(() => this.#generation);
  }

  get masterId(): string {
    return this.#home.masterId;
  }

  facts(): Facts {
    return this.#facts;
  }

  async keep(facts: Partial<Facts>): Promise<void> {
    this.#facts = { ...this.#facts, ...facts };
    await this.#writeFacts();
  }

  positions(): Positions {
    const { journal, state } = this.#generation;
    const { firstSeq, lastSeq } = journal;
    const { appliedSeq, appliedEpoch } = state;
    const lastEpoch = lastSeq === appliedSeq ? appliedEpoch : (journal.epochAt(lastSeq) ?? 0);
    return { firstSeq, lastSeq, lastEpoch, appliedSeq, appliedEpoch };
  }

  stateHash(): string {
    return this.#generation.state.hash;
  }

  epochAt(seq: number): number | undefined {
    return this.#generation.journal.epochAt(seq);
  }

  async append(entries: readonly JournalEntry[]): Promise<void> {
    const { journal, writeBehind } = this.#generation;
    this.#options.space.noteWritten(entries.reduce((sum, { bytes }) => sum + bytes.length, 0));
    await journal.append(entries);
    await writeBehind.room();
  }

  truncateFrom(seq: number): Promise<void> {
    const { journal, state } = this.#generation;
    if (seq <= state.appliedSeq) throw new Error(`entry ${seq} is applied, and must not be truncated (M2)`);
    return journal.cut(seq);
  }

  read(fromSeq: number, maxBytes: number): JournalEntry[] {
    return this.#generation.journal.read(fromSeq, maxBytes);
  }

  apply(entries: readonly JournalEntry[]): Applied[] {
    const { state, journal, writeBehind } = this.#generation;
    const last = entries.at(-1)?.seq ?? 0;
    if (last > journal.lastSeq)
      throw new Error(`entry ${last} is not in the journal, and must not be applied (M12)`);
    const applied = state.apply(entries);
    writeBehind.noteApplied();
    for (const { seq, id, outcome } of applied) {
      if (outcome.kind === 'refused' && outcome.reason === 'UNEXPECTED') {
        this.#options.log?.error({ seq, id }, 'an entry of the journal cannot be applied and is set aside');
      }
    }
    return applied;
  }

  answerTo(draft: Draft): Outcome | undefined {
    const { clock } = this.#options;
    const steadyMs = this.#started.wallMs + clock.nowMs() - this.#started.nowMs;
    return this.#generation.state.answerTo(draft, Math.min(clock.wallMs(), steadyMs));
  }

  lastAtMs(): number {
    return this.#generation.state.lastAtMs;
  }

  diskFull(): boolean {
    return this.#options.space.full;
  }

  openSnapshot(): SnapshotReader {
    return readSnapshot(this.#generation);
  }

  async beginRestore(): Promise<SnapshotWriter> {
    await this.#restore?.[Symbol.asyncDispose]();
    const { dir, disk } = this.#options;
    const generation = this.#home.generation + 1;
    const folders = await makeFolders(dir, disk, generation);
    this.#restore = new Restore(folders, disk, () => this.#moveTo(generation, this.#home.masterId, 'remove'));
    return this.#restore;
  }

  async discard(reason: string): Promise<string> {
    await this.#restore?.[Symbol.asyncDispose]();
    const { dir, disk, random, log } = this.#options;
    log?.warn({ reason }, 'this storage is given up');
    const generation = this.#home.generation + 1;
    await makeFolders(dir, disk, generation);
    this.#facts = { history: 0, promisedEpoch: 0 };
    await this.#moveTo(generation, random.uuid(), 'set aside');
    return this.#home.masterId;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#options.space[Symbol.dispose]();
    await this.#restore?.[Symbol.asyncDispose]();
    await this.#generation[Symbol.asyncDispose]();
    await this.#options.factsFile.settled();
  }

  /** From here on the other folder is in use. It counts from the moment when the facts name it. */
  async #moveTo(number: number, masterId: string, old: 'remove' | 'set aside'): Promise<void> {
    const { dir, disk, generationOptions } = this.#options;
    const found = old === 'set aside' ? 'nothing' : 'state';
    const next = await Generation.open(foldersOf(dir, number), found, generationOptions);
    const before = { home: this.#home, generation: this.#generation };
    this.#home = { masterId, generation: number };
    this.#generation = next;
    this.#restore = undefined;
    await this.#writeFacts();
    await before.generation[Symbol.asyncDispose]();
    if (old === 'remove') await disk.remove(before.generation.folders.home);
    else {
      const aside = await setAside(dir, disk, before.home.generation);
      this.#options.log?.warn({ aside }, 'what was here is kept aside');
    }
  }

  async #writeFacts(): Promise<void> {
    const { factsFile, generationOptions } = this.#options;
    const { failure } = generationOptions;
    if (failure.error !== undefined) throw failure.error;
    const { durable, whole } = factsFile.write(toStored(this.#home, this.#facts));
    whole.catch((error: unknown) => failure.report(failedBy('the facts cannot be written', error)));
    await durable;
  }
}
