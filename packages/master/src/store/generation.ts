// Journal and state as they lie in one folder, opened together.
import { join } from 'node:path';
import type { Clock } from '@everline/chassis';
import { StoredPosition } from '@everline/contracts';
import { State } from '../state/state.js';
import type { Disk } from './disk.js';
import { damagedBy, failedBy } from './errors.js';
import type { Failure } from './failure.js';
import type { Folders } from './folder.js';
import { EpochRuns } from './journal/epoch-runs.js';
import { Journal } from './journal/journal.js';
import { checkDatabase } from './records/check-database.js';
import { Environment } from './records/environment.js';
import { Records } from './records/records.js';
import { WriteBehind } from './write-behind.js';

export interface GenerationOptions {
  readonly disk: Disk;
  readonly clock: Clock;
  readonly recentBytes: number;
  readonly fileBytes: number;
  readonly keepBytes: number;
  readonly failure: Failure;
}

/** What is in the folder: nothing yet, a state out of a snapshot, or a state and its journal. */
export type Found = 'nothing' | 'state' | 'all';

export class Generation implements AsyncDisposable {
  readonly folders: Folders;
  readonly journal: Journal;
  readonly state: State;
  readonly records: Records;
  readonly environment: Environment;
  readonly writeBehind: WriteBehind;
  readonly #options: GenerationOptions;
  #writtenSeq: number;

  private constructor(
    folders: Folders,
    options: GenerationOptions,
    opened: {
      readonly environment: Environment;
      readonly records: Records;
      readonly state: State;
      readonly journal: Journal;
    },
  ) {
    const { environment, records, state, journal } = opened;
    this.folders = folders;
    this.#options = options;
    this.environment = environment;
    this.state = state;
    this.journal = journal;
    this.records = records;
    this.#writtenSeq = state.appliedSeq;
    this.writeBehind = new WriteBehind({
      clock: options.clock,
      write: () => this.#write(),
      pending: () => ({
        entries: state.appliedSeq - this.#writtenSeq,
        records: records.fresh.size,
        bytes: records.pendingBytes,
      }),
      onWritten: () => void this.#trim(),
      failure: options.failure,
    });
  }

  /** @throws DamagedStore, NewerFormat */
  static async open(folders: Folders, found: Found, options: GenerationOptions): Promise<Generation> {
    const { disk, recentBytes, fileBytes, failure } = options;
    const file = join(folders.state, 'data.mdb');
    if (found !== 'nothing') checkDatabase(file);
    const environment = openEnvironment(folders.state, file);
    try {
      const stored = environment.position();
      const position = StoredPosition.decode(stored ?? new Uint8Array(0));
      const records = new Records(
        environment,
        file,
        { high: position.hashHigh, low: position.hashLow },
        failure,
      );
      const state = new State(records, position);
      const runs = new EpochRuns(state.reigns());
      const { appliedSeq } = state;
      const journal = await Journal.open({
        folder: folders.journal,
        disk,
        fresh: found !== 'all',
        appliedSeq,
        runs,
        recentBytes,
        fileBytes,
        failure,
      });
      return new Generation(folders, options, { environment, records, state, journal });
    } catch (error) {
      await environment.close();
      throw error;
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.journal[Symbol.asyncDispose]();
    await this.writeBehind.close();
    // LMDB waits for ever for a flush that failed.
    if (this.#options.failure.error === undefined) await this.environment.close();
  }

  /** M12: what was applied, and up to where, in one transaction. */
  async #write(): Promise<void> {
    const position = this.state.position();
    await this.records.write(Buffer.from(StoredPosition.encode(position).finish()));
    this.#writtenSeq = Number(position.appliedSeq);
  }

  /** File by file: a burst may have filled several since the last write. After a start the entries after #writtenSeq are needed. */
  async #trim(): Promise<void> {
    try {
      while (await this.journal.trim(this.#writtenSeq + 1, this.#options.keepBytes));
    } catch (error) {
      this.#options.failure.report(failedBy('the journal cannot be trimmed', error));
    }
  }
}

function openEnvironment(folder: string, file: string): Environment {
  try {
    return new Environment(folder);
  } catch (error) {
    throw damagedBy(file, 'it cannot be opened', error);
  }
}
