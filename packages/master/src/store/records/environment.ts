// The state's LMDB environment. It knows tables and stored bytes; what they mean is the state's business.
import {
  type Database,
  open,
  type PutOptions,
  type RootDatabase,
  type Transaction,
  TransactionFlags,
} from 'lmdb';
import { damagedBy, failedBy } from '../errors.js';
import type { Pending } from './memtable.js';
import { type Table, tables } from './table.js';

export interface Stored {
  readonly key: Buffer;
  readonly stored: Buffer;
}

/** Between two keys, both left out. */
export interface Span {
  readonly after: Buffer;
  readonly before: Buffer;
  readonly reverse: boolean;
  readonly limit: number;
}

/** Of one record: removed where nothing is to be stored. */
export type Change = Pick<Pending, 'key' | 'stored'>;

export type Put = (table: Table, key: Buffer, stored: Buffer, ascending: boolean) => void;

type Db = Database<Buffer, Buffer>;

/** What the declarations of lmdb 3.5.6 leave out. */
interface Appendable {
  put(key: Buffer, value: Buffer, options: PutOptions): unknown;
}

const positionKey = Buffer.from('position');
/** Address space, not memory: growing it later would stop everyone for a moment. */
const mapBytes = 64 * 1024 ** 3;

export class Environment {
  readonly file: string;
  readonly #root: RootDatabase<Buffer, Buffer>;
  readonly #meta: Db;
  readonly #tables: ReadonlyMap<Table, Db>;

  /** @param folder is made when it is not there */
  constructor(folder: string) {
    this.file = `${folder}/data.mdb`;
    this.#root = open<Buffer, Buffer>({ ...codec, ...options, path: folder });
    this.#meta = this.#root.openDB({ ...codec, name: 'meta' });
    this.#tables = new Map(tables.map((name) => [name, this.#root.openDB({ ...codec, name })]));
  }

  position(transaction?: Transaction): Buffer | undefined {
    return this.#read(() => this.#meta.get(positionKey, transaction && { transaction }));
  }

  get(table: Table, key: Buffer, transaction?: Transaction): Buffer | undefined {
    return this.#read(() => this.#db(table).get(key, transaction && { transaction }));
  }

  range(table: Table, { after, before, reverse, limit }: Span, transaction?: Transaction): Stored[] {
    const [start, end] = reverse ? [before, above(after)] : [after, before];
    const ordered = { start, end, reverse, limit, exclusiveStart: true, ...(transaction && { transaction }) };
    return this.#read(() => {
      const found: Stored[] = [];
      for (const { key, value } of this.#db(table).getRange(ordered)) found.push({ key, stored: value });
      return found;
    });
  }

  /** One transaction (M12). Resolves when it is on disk and every later read sees it. */
  write(changes: Iterable<readonly [Table, Change]>, position: Buffer): Promise<void> {
    return this.#transact(() => {
      for (const [table, { key, stored }] of changes) {
        const db = this.#db(table);
        void (stored === undefined ? db.remove(key) : db.put(key, stored));
      }
      void this.#meta.put(positionKey, position);
    });
  }

  /**
   * Fills tables, in one transaction and at once: a promise for each of millions of records would cost more than the record. Nothing of it is
   * on disk before the next write. What `put` is said to be ascending must come in the order of its keys: else it is left out.
   */
  fill(all: (put: Put) => void): void {
    let wrong: { readonly error: unknown } | undefined;
    const put: Put = (table, key, stored, ascending) => {
      (this.#db(table) as unknown as Appendable).put(key, stored, ascending ? atTheEnd : anywhere);
    };
    try {
      this.#root.transactionSync(() => {
        try {
          all(put);
        } catch (error) {
          wrong = { error };
        }
      }, filling);
    } catch (error) {
      throw failedBy(`${this.file} cannot be written`, error);
    }
    if (wrong !== undefined) throw wrong.error;
  }

  /** Records. */
  count(table: Table): number {
    return this.#read(() => (this.#db(table).getStats() as { readonly entryCount: number }).entryCount);
  }

  /** What is in the database now, for as long as the transaction is held. */
  hold(): Transaction {
    this.#root.resetReadTxn();
    return this.#root.useReadTransaction();
  }

  async close(): Promise<void> {
    await this.#root.close();
  }

  #db(table: Table): Db {
    return this.#tables.get(table) as Db;
  }

  async #transact(puts: () => void): Promise<void> {
    try {
      await this.#root.batch(puts);
      await this.#root.flushed;
    } catch (error) {
      throw failedBy(`${this.file} cannot be written`, await causeOf(error));
    }
    this.#root.resetReadTxn();
  }

  #read<T>(look: () => T): T {
    try {
      return look();
    } catch (error) {
      throw damagedBy(this.file, 'it cannot be read', error);
    }
  }
}

const atTheEnd = { append: true };
const anywhere = { append: false };

/** Committed when it returns, without a flush. */
const filling =
  TransactionFlags.ABORTABLE | TransactionFlags.SYNCHRONOUS_COMMIT | TransactionFlags.NO_SYNC_FLUSH;

/** LMDB tells why a commit failed by a promise of its own. */
async function causeOf(error: unknown): Promise<unknown> {
  const { commitError } = error as { readonly commitError?: Promise<never> };
  return commitError === undefined ? error : await commitError.catch((cause: unknown) => cause);
}

/** Ranges include where they begin from below; going down, they must end one above what is left out. */
function above(key: Buffer): Buffer {
  return Buffer.concat([key, Buffer.of(0)]);
}

/** Bytes in, bytes out. What LMDB lends is overwritten by the next read, so it is copied. */
const codec = {
  encoder: { encode: (value: Buffer) => value, decode: (lent: Buffer) => copy(lent, 0, lent.length) },
  keyEncoder: {
    writeKey: (key: Buffer, target: Uint8Array, start: number) => {
      target.set(key, start);
      return start + key.length;
    },
    readKey: (lent: Buffer, start: number, end: number) => copy(lent, start, end),
  },
};

/** Shorter ones are copied faster by hand than through a view. */
const shortBytes = 24;

function copy(lent: Buffer, start: number, end: number): Buffer {
  const own = Buffer.allocUnsafe(end - start);
  if (end - start <= shortBytes) for (let i = start; i < end; i++) own[i - start] = lent[i] as number;
  else own.set(new Uint8Array(lent.buffer, lent.byteOffset + start, end - start));
  return own;
}

const options = {
  maxDbs: tables.length + 1,
  mapSize: mapBytes,
  // Nothing in it is secret from who may read the file; zeroing pages costs.
  noMemInit: true,
  // The place of the folder must not be guessed from dots in its name.
  noSubdir: false,
  // After a crash: what was flushed, also when the machine did not restart. Then both kinds of crash are one.
  safeRestore: true,
  // Transactions are told apart by us: one batch each.
  eventTurnBatching: false,
};
