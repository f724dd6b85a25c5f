// The state as of one place in the journal, out of one read transaction.
import { join } from 'node:path';
import { type FollowerInfo, StoredPosition, type StoredRecord, StoredUser } from '@everline/contracts';
import type { Transaction } from 'lmdb';
import { afterNumber, numberKey, readNumber, readSeq } from '../../state/keys.js';
import { hashOf } from '../../state/position.js';
import { userOf } from '../../state/user.js';
import type { Generation } from '../generation.js';
import type { Environment, Stored } from '../records/environment.js';
import { checkedValue } from '../records/records.js';
import { type Table, tableByte, tables } from '../records/table.js';
import type { SnapshotReader } from '../store.js';

/** In one part: less than 1 MiB also when all are the longest posts, and few enough to be no garbage that a young heap has to keep. */
const recordsInPart = 100;
const usersInPart = 50;
const edgesInPart = 500;
/** Before the first key, and after the last one. */
const lowest = Buffer.of(0);
const highest = Buffer.alloc(20, 0xff);
/** What followerInfo says already. */
const saidOfUsers: readonly Table[] = ['users', 'following'];
/** Beside the tables: the position that the records belong to. */
export const positionKey = Buffer.of(0);

export function readSnapshot({
  environment,
  folders,
}: Pick<Generation, 'environment' | 'folders'>): SnapshotReader {
  return new EnvironmentSnapshot(environment, join(folders.state, 'data.mdb'));
}

class EnvironmentSnapshot implements SnapshotReader {
  readonly asOfSeq: number;
  readonly asOfEpoch: number;
  readonly stateHash: string;
  readonly #environment: Environment;
  readonly #file: string;
  readonly #transaction: Transaction;
  readonly #position: StoredPosition;
  #open = true;

  constructor(environment: Environment, file: string) {
    this.#environment = environment;
    this.#file = file;
    this.#transaction = environment.hold();
    this.#position = StoredPosition.decode(environment.position(this.#transaction) ?? new Uint8Array(0));
    this.asOfSeq = Number(this.#position.appliedSeq);
    this.asOfEpoch = Number(this.#position.appliedEpoch);
    this.stateHash = hashOf(this.#position);
  }

  *followerInfo(): Generator<ReadonlyMap<string, FollowerInfo>, void, undefined> {
    let after: Buffer = lowest;
    for (;;) {
      const members = this.#range('members', after, highest, usersInPart);
      const [first, last] = [members[0], members.at(-1)];
      if (first === undefined || last === undefined) return;
      yield* this.#edges(members.map(({ key, value }) => userOf(readNumber(key), value)));
      after = last.key;
    }
  }

  *records(): Generator<readonly StoredRecord[], void, undefined> {
    yield [{ key: positionKey, value: Buffer.from(StoredPosition.encode(this.#position).finish()) }];
    for (const table of tables) {
      if (saidOfUsers.includes(table)) continue;
      const byte = tableByte(table);
      let after: Buffer = lowest;
      for (;;) {
        const found = this.#range(table, after, highest, recordsInPart);
        const last = found.at(-1);
        if (last === undefined) break;
        yield found.map(({ key, value }) => ({ key: keyAfter(byte, key), value }));
        after = last.key;
      }
    }
  }

  [Symbol.dispose](): void {
    if (!this.#open) return;
    this.#open = false;
    this.#transaction.done();
  }

  /** Whom these users follow; one who follows many comes in several parts. */
  *#edges(
    users: readonly { readonly number: number; readonly username: string }[],
  ): Generator<Map<string, FollowerInfo>> {
    const byNumber = new Map(users.map((user) => [user.number, user]));
    let part = new Map(users.map(({ username, number }) => [username, this.#infoOf(username, number)]));
    const before = numberKey((users.at(-1)?.number ?? 0) + 1);
    let after = numberKey(users[0]?.number ?? 0);
    for (;;) {
      const edges = this.#range('following', after, before, edgesInPart);
      for (const { key, value } of edges) {
        const user = byNumber.get(readNumber(key));
        if (user === undefined) continue;
        const info = part.get(user.username) ?? this.#infoOf(user.username, user.number);
        part.set(user.username, info);
        const edge = {
          username: '',
          sinceSeq: BigInt(readSeq(value)),
          userNumber: readNumber(key, afterNumber),
        };
        (info.following as Edges).push(edge);
      }
      yield part;
      const last = edges.at(-1);
      if (last === undefined || edges.length < edgesInPart) return;
      after = last.key;
      part = new Map();
    }
  }

  #infoOf(username: string, userNumber: number): FollowerInfo {
    const stored = this.#get('users', Buffer.from(username));
    return {
      userNumber,
      sinceSeq: stored === undefined ? 0n : StoredUser.decode(stored).sinceSeq,
      following: [],
    };
  }

  #get(table: Table, key: Buffer): Buffer | undefined {
    const stored = this.#environment.get(table, key, this.#transaction);
    return stored && checkedValue(table, key, stored, this.#file);
  }

  #range(
    table: Table,
    after: Buffer,
    before: Buffer,
    limit: number,
  ): { readonly key: Buffer; readonly value: Buffer }[] {
    if (!this.#open) throw new Error('the snapshot is closed');
    const toRecord = ({ key, stored }: Stored) => ({
      key,
      value: checkedValue(table, key, stored, this.#file),
    });
    return this.#environment
      .range(table, { after, before, reverse: false, limit }, this.#transaction)
      .map(toRecord);
  }
}

function keyAfter(byte: number, key: Buffer): Buffer {
  const whole = Buffer.allocUnsafe(1 + key.length);
  whole[0] = byte;
  whole.set(key, 1);
  return whole;
}

type Edges = { username: string; sinceSeq: bigint; userNumber: number }[];
