// A snapshot comes in: into a folder of its own, which counts only when everything is in it and the hash is right.
import { type FollowerInfo, StoredPosition, type StoredRecord, StoredUser } from '@everline/contracts';
import { pairKey, seqKey } from '../../state/keys.js';
import { hashOf } from '../../state/position.js';
import type { Disk } from '../disk.js';
import type { Folders } from '../folder.js';
import { Environment, type Put } from '../records/environment.js';
import { add, hashRecord, type Sum, zero } from '../records/record-hash.js';
import { withCheck } from '../records/records.js';
import { type Table, tableByte, tableOf } from '../records/table.js';
import type { SnapshotWriter } from '../store.js';

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

  addFollowerInfo(users: Iterable<readonly [string, FollowerInfo]>): Promise<void> {
    return this.#fill((put) => {
      for (const [username, { userNumber, sinceSeq, following }] of users) {
        const known = StoredUser.encode({ number: userNumber, sinceSeq }).finish();
        if (this.#isNew(userNumber)) this.#add(put, 'users', Buffer.from(username), known);
        for (const edge of following)
          this.#add(put, 'following', pairKey(userNumber, edge.userNumber), seqKey(Number(edge.sinceSeq)));
      }
    });
  }

  addRecords(records: Iterable<StoredRecord>): Promise<void> {
    return this.#fill((put) => {
      for (const { key, value } of records) {
        if (key[0] === 0) this.#position = StoredPosition.decode(value);
        else this.#add(put, tableNamed(key[0] ?? 0), asBuffer(key).subarray(1), value);
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

  #add(put: Put, table: Table, key: Buffer, value: Uint8Array): void {
    const hash = hashRecord(tableByte(table), key, value);
    this.#sum = add(this.#sum, hash);
    const came = this.#came.get(table);
    const ascending = came === undefined || came.largest.compare(key) < 0;
    if (came === undefined) this.#came.set(table, { count: 1, largest: key });
    else {
      came.count++;
      if (ascending) came.largest = key;
    }
    const stored = withCheck(hash.low, value);
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

function asBuffer({ buffer, byteOffset, length }: Uint8Array): Buffer {
  return Buffer.from(buffer, byteOffset, length);
}

function tableNamed(byte: number): Table {
  const table = tableOf(byte);
  if (table === undefined)
    throw new Error(`the snapshot has a table ${byte}, which this version does not know`);
  return table;
}
