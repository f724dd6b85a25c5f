// A snapshot comes in: into a folder of its own, which counts only when everything is in it and the hash is right.
import { type FollowerInfo, StoredPosition, type StoredRecord, StoredUser } from '@everline/contracts';
import { pairKey, seqKey } from '../../state/keys.js';
import { hashOf } from '../../state/position.js';
import type { Disk } from '../disk.js';
import type { Folders } from '../folder.js';
import { Environment, type Filling } from '../records/environment.js';
import { add, hashRecord, type Sum, zero } from '../records/record-hash.js';
import { withCheck } from '../records/records.js';
import { type Table, tableByte, tableOf } from '../records/table.js';
import type { SnapshotWriter } from '../store.js';

/** One transaction for so many, or so much. */
const recordsInFill = 2_000;
const bytesInFill = 1024 * 1024;
const bytesAtFirst = 1_024;

export class Restore implements SnapshotWriter {
  readonly #folders: Folders;
  readonly #disk: Disk;
  readonly #moveTo: () => Promise<void>;
  readonly #environment: Environment;
  /** How many records came for each table, and the largest key. */
  readonly #came = new Map<Table, { readonly count: number; readonly largest: Buffer }>();
  /** Which users came, by number: a bit each. */
  #met = Buffer.alloc(0);
  #filling: Filling[] = [];
  #fillingBytes = 0;
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

  async addFollowerInfo(users: ReadonlyMap<string, FollowerInfo>): Promise<void> {
    for (const [username, { userNumber, sinceSeq, following }] of users) {
      const known = StoredUser.encode({ number: userNumber, sinceSeq }).finish();
      if (this.#isNew(userNumber)) this.#add('users', Buffer.from(username), known);
      for (const edge of following)
        this.#add('following', pairKey(userNumber, edge.userNumber), seqKey(Number(edge.sinceSeq)));
      if (this.#isFull()) await this.#fill();
    }
  }

  async addRecords(records: readonly StoredRecord[]): Promise<void> {
    for (const { key, value } of records) {
      if (key[0] === 0) this.#position = StoredPosition.decode(value);
      else this.#add(tableNamed(key[0] ?? 0), Buffer.from(key.subarray(1)), value);
      if (this.#isFull()) await this.#fill();
    }
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
    await this.#fill(Buffer.from(stored));
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

  #add(table: Table, key: Buffer, value: Uint8Array): void {
    if (this.#phase !== 'open') throw new Error('the restore is over');
    const hash = hashRecord(tableByte(table), key, value);
    this.#sum = add(this.#sum, hash);
    const before = this.#came.get(table);
    const ascending = before === undefined || before.largest.compare(key) < 0;
    const largest = ascending ? key : before.largest;
    this.#came.set(table, { count: (before?.count ?? 0) + 1, largest });
    const stored = withCheck(hash.low, value);
    this.#filling.push({ table, key, stored, ascending });
    this.#fillingBytes += key.length + stored.length;
  }

  /** What came must be there: a key that came twice, or out of order, would not be. */
  #countAll(): void {
    for (const [table, { count }] of this.#came) {
      const there = this.#environment.count(table);
      if (there !== count) throw new Error(`${count} records of ${table} came, and ${there} are there`);
    }
  }

  #isFull(): boolean {
    return this.#filling.length >= recordsInFill || this.#fillingBytes >= bytesInFill;
  }

  async #fill(position?: Buffer): Promise<void> {
    const filling = this.#filling;
    this.#filling = [];
    this.#fillingBytes = 0;
    await this.#environment.fill(filling, position);
  }
}

function tableNamed(byte: number): Table {
  const table = tableOf(byte);
  if (table === undefined)
    throw new Error(`the snapshot has a table ${byte}, which this version does not know`);
  return table;
}
