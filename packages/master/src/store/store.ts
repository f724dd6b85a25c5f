// What a master keeps on its disk: the journal, the state, and who it is. One LMDB environment.
import type { FollowerInfo, StoredRecord } from '@everline/contracts';
import type { Configuration } from '@everline/protocol';
import type { Applied } from '../state/applied.js';
import type { Draft } from '../state/draft.js';
import type { Outcome } from '../state/outcome.js';
import type { View } from '../timeline/view.js';
import type { JournalEntry } from './journal-entry.js';

/** What a master knows about itself and its cluster. */
export interface Facts {
  readonly clusterId?: string | undefined;
  /** 0 while it belongs to no cluster. */
  readonly history: number;
  /** Nothing of an older epoch is accepted (M2). */
  readonly promisedEpoch: number;
  /** The newest configuration it was told of (R9). */
  readonly configuration?: Configuration | undefined;
}

export interface Positions {
  /** The oldest entry that can still be read; lastSeq + 1 when there is none. */
  readonly firstSeq: number;
  /** Counts what is appended, flushed or not. */
  readonly lastSeq: number;
  readonly lastEpoch: number;
  readonly appliedSeq: number;
  readonly appliedEpoch: number;
}

export interface Store extends AsyncDisposable {
  /** The identity of this storage: made with it, new after `discard`. */
  readonly masterId: string;
  facts(): Facts;
  /** Durable when it resolves. Calls are carried out in order; what `facts()` says changes at once. */
  keep(facts: Partial<Facts>): Promise<void>;
  positions(): Positions;
  /** Of the state after appliedSeq: equal at every master. */
  stateHash(): string;
  /** Of firstSeq - 1, too. Undefined for what is not in the journal. */
  epochAt(seq: number): number | undefined;
  /** Resolves when flushed (M2). Several may be in flight; they complete in order. Rejects after a failure (M13). */
  append(entries: readonly JournalEntry[]): Promise<void>;
  /** This entry and all after it never happened. In effect at once, durable when it resolves. Throws at or below appliedSeq (M2). */
  truncateFrom(seq: number): Promise<void>;
  /** At least one entry when there is one, whatever its size. Throws DamagedStore. */
  read(fromSeq: number, maxBytes: number): JournalEntry[];
  /** Dense from appliedSeq + 1. State, answers, position and hash change in one transaction (M12), visible to every read after it returns. */
  apply(entries: readonly JournalEntry[]): Applied[];
  /** What timelines, lists and sessions look up: timeline/, sns/, csce438/ and sessions.ts stand on it. */
  readonly view: View;
  /** M15: what became of the command of this id, or why it cannot be taken; undefined for one that is to be appended. */
  answerTo(draft: Draft): Outcome | undefined;
  /** T1: of the last applied command. */
  lastAtMs(): number;
  /** M14: true while nothing but what must be written may be: refuse with DISK_FULL. */
  diskFull(): boolean;
  /** M13: resolves with the first error of writing or flushing, or with DamagedStore. It is final: nothing is written after it. */
  readonly failed: Promise<Error>;
  /** As the state was a moment ago. Close it: it holds disk space. */
  openSnapshot(): SnapshotReader;
  /** Throws away a restore that is under way. */
  beginRestore(): Promise<SnapshotWriter>;
  /** The history changed, or it lost data: all is kept aside, and it begins anew as another storage. Resolves with the new masterId. */
  discard(reason: string): Promise<string>;
}

/** The state as of one place in the journal, in one read transaction. */
export interface SnapshotReader extends Disposable {
  readonly asOfSeq: number;
  readonly asOfEpoch: number;
  readonly stateHash: string;
  /** Parts of at most 1 MiB, each made in a few milliseconds. First all of these, */
  followerInfo(): Generator<ReadonlyMap<string, FollowerInfo>, void, undefined>;
  /** then all of these. */
  records(): Generator<readonly StoredRecord[], void, undefined>;
}

/** A user, and some of whom it follows: as it is read, FollowerInfo. */
export interface FollowerPart {
  readonly userNumber: number;
  readonly sinceSeq: number | bigint;
  readonly following: readonly { readonly userNumber: number; readonly sinceSeq: number | bigint }[];
}

/** Takes a snapshot in the order in which it was read. Nothing of it counts before `finish` resolves. */
export interface SnapshotWriter extends AsyncDisposable {
  /** Resolves when it may be given more. */
  addFollowerInfo(users: Iterable<readonly [string, FollowerPart]>): Promise<void>;
  addRecords(records: Iterable<StoredRecord>): Promise<void>;
  /** Compares the hash, then puts it in the place of journal and state; the facts stay. Throws when the snapshot is not what it says. */
  finish(as: {
    readonly asOfSeq: number;
    readonly asOfEpoch: number;
    readonly stateHash: string;
  }): Promise<void>;
}
