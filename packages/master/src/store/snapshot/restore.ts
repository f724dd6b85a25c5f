// A snapshot comes in: into a folder of its own, which counts only when everything is in it and the hash is right.
import { StoredPosition, type StoredRecord, StoredUser } from '@everline/contracts';
import { afterSeq, pairBytes, writePairKey, writeSeq } from '../../state/keys.js';
import { hashOf } from '../../state/position.js';
import type { Disk } from '../disk.js';
import type { Folders } from '../folder.js';
import { Environment, type Put } from '../records/environment.js';
import { checkBytes } from '../records/memtable.js';
import { add, hashRecord, type Sum, zero } from '../records/record-hash.js';
import { type Table, tableByte, tableOf } from '../records/table.js';
import type { FollowerPart, SnapshotWriter } from '../store.js';
import { Scratch } from './scratch.js';

/** After so much it is waited for the disk, lest it be given everything at the end, and whoever writes beside it wait. */
const bytesToFlush = 32 * 1024 * 1024;
const bytesAtFirst = 1_024;

export class Restore implements SnapshotWriter {
  readonly #folders: Folders;
  readonly #disk: Disk;
  readonly #moveTo: () => Promise<void>;
  readonly #environment: Environment;
  /** How many records came for each table, and the largest key. */
  readonly #came = new Map<Table, { count: number; largest: Buffer }>();
  /** Which users came, by number: a bit each. */
  #met = Buffer.alloc(0);
  /** The database takes what it is given at once: millions of records need no buffers of their own. */
  readonly #key = new Scratch();
  readonly #stored = new Scratch();
  readonly #edge = { key: Buffer.alloc(pairBytes), since: Buffer.alloc(afterSeq) };
  #unflushedBytes = 0;
  #sum: Sum = zero;
  #position: StoredPosition | undefined;
  #phase: 'open' | 'closed' | 'moved' = 'open';

  /** @param moveTo the folder is whole: it takes the place of the present one */
  constructor(folders: Folders, disk: Disk, moveTo: () => Promise<void>) {
    this.#folders = folders;
    this.#disk = disk;
    this.#moveTo = moveTo;
    this.#environment = new Environment(folders.state);
  }

  addFollowerInfo(users: Iterable<readonly [string, FollowerPart]>): Promise<void> {
    return this.#fill((put) => {
      for (const [username, { userNumber, sinceSeq, following }] of users) {
        if (this.#isNew(userNumber)) {
          const known = StoredUser.encode({ number: userNumber, sinceSeq: BigInt(sinceSeq) }).finish();
          this.#add(put, 'users', Buffer.from(username), known);
        }
        for (const edge of following) this.#addEdge(put, userNumber, edge);
      }
    });
  }

  addRecords(records: Iterable<StoredRecord>): Promise<void> {
    return this.#fill((put) => {
      for (const { key, value } of records) {
        if (key[0] === 0) this.#position = StoredPosition.decode(value);
        else {
          const table = tableNamed(key[0] ?? 0);
          const own = this.#key.of(key.length - 1);
          for (let i = 0; i < own.length; i++) own[i] = key[i + 1] as number;
          this.#add(put, table, own, value);
        }
      }
    });
  }

  async finish(as: Parameters<SnapshotWriter['finish']>[0]): Promise<void> {
    const position = this.#position;
    if (position === undefined) throw new Error('the snapshot does not say what it is of');
    const { high, low } = this.#sum;
    const computed = hashOf({ ...position, hashHigh: high, hashLow: low });
    const right =
      computed === as.stateHash &&
      Number(position.appliedSeq) === as.asOfSeq &&
      Number(position.appliedEpoch) === as.asOfEpoch;
    if (!right)
      throw new Error(`the snapshot of entry ${as.asOfSeq} came with hash ${computed}, not ${as.stateHash}`);
    const stored = StoredPosition.encode({ ...position, hashHigh: high, hashLow: low }).finish();
    await this.#flush();
    await this.#environment.write([], Buffer.from(stored));
    this.#countAll();
    this.#phase = 'closed';
    await this.#environment.close();
    await this.#moveTo();
    this.#phase = 'moved';
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const before = this.#phase;
    if (before === 'moved') return;
    this.#phase = 'moved';
    if (before === 'open') await this.#environment.close();
    await this.#disk.remove(this.#folders.home);
  }

  /** A user may come in several parts, with others in between. */
  #isNew(number: number): boolean {
    const [at, bit] = [number >>> 3, 1 << (number & 7)];
    if (at >= this.#met.length) this.#met = Buffer.concat([this.#met], 2 * at + bytesAtFirst);
    const byte = this.#met[at] ?? 0;
    this.#met[at] = byte | bit;
    return (byte & bit) === 0;
  }

  #addEdge(put: Put, follower: number, { userNumber, sinceSeq }: FollowerPart['following'][number]): void {
    const key = writePairKey(this.#edge.key, follower, userNumber);
    this.#add(put, 'following', key, writeSeq(this.#edge.since, Number(sinceSeq)));
  }

  #add(put: Put, table: Table, key: Buffer, value: Uint8Array): void {
    const hash = hashRecord(tableByte(table), key, value);
    this.#sum = add(this.#sum, hash);
    const came = this.#came.get(table);
    const ascending = came === undefined || came.largest.compare(key) < 0;
    if (came === undefined) this.#came.set(table, { count: 1, largest: Buffer.from(key) });
    else {
      came.count++;
      if (ascending && came.largest.length === key.length) came.largest.set(key);
      else if (ascending) came.largest = Buffer.from(key);
    }
    const stored = this.#stored.of(checkBytes + value.length);
    stored.set(value, stored.writeUInt32BE(hash.low));
    put(table, key, stored, ascending);
    this.#unflushedBytes += key.length + stored.length;
  }

  /** What came must be there: a key that came twice, or out of order, would not be. */
  #countAll(): void {
    for (const [table, { count }] of this.#came) {
      const there = this.#environment.count(table);
      if (there !== count) throw new Error(`${count} records of ${table} came, and ${there} are there`);
    }
  }

  /** One transaction for all that came together. */
  async #fill(all: (put: Put) => void): Promise<void> {
    if (this.#phase !== 'open') throw new Error('the restore is over');
    this.#environment.fill(all);
    if (this.#unflushedBytes >= bytesToFlush) await this.#flush();
  }

  async #flush(): Promise<void> {
    this.#unflushedBytes = 0;
    await using file = await this.#disk.open(this.#environment.file);
    await file.sync();
  }
}

function tableNamed(byte: number): Table {
  const table = tableOf(byte);
  if (table === undefined)
    throw new Error(`the snapshot has a table ${byte}, which this version does not know`);
  return table;
}
