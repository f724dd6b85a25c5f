// The state's records: what is in the database, and over it what was applied since. Every record is checked when it is read from the disk.
import { DamagedStore } from '../errors.js';
import type { Failure } from '../failure.js';
import type { Environment, Span } from './environment.js';
import { checkBytes, firstFrom, Memtable, nameOf, type Pending } from './memtable.js';
import { add, hashRecord, type Sum, subtract } from './record-hash.js';
import { type Table, tableByte } from './table.js';

/** One change of one record. */
export interface Write {
  readonly table: Table;
  readonly key: Buffer;
  /** What was there before; undefined when nothing. */
  readonly old: Uint8Array | undefined;
  /** Undefined removes it. */
  readonly value: Uint8Array | undefined;
}

export interface Found {
  readonly key: Buffer;
  readonly value: Buffer;
}

/** Part of a group, in the order of keys or against it. */
export interface Part {
  /** The group: the first bytes of its keys. */
  readonly prefix: Buffer;
  /** Left out itself, as is `before`. */
  readonly after?: Buffer;
  readonly before?: Buffer;
  readonly reverse?: boolean;
  readonly limit: number;
}

export class Records {
  readonly #environment: Environment;
  readonly #file: string;
  readonly #failure: Failure;
  #sum: Sum;
  #fresh = new Memtable();
  /** On its way to the database. */
  #leaving: Memtable | undefined;

  constructor(environment: Environment, file: string, sum: Sum, failure: Failure) {
    this.#environment = environment;
    this.#file = file;
    this.#failure = failure;
    this.#sum = sum;
  }

  /** Over all records, those not written yet included. */
  get sum(): Sum {
    return this.#sum;
  }

  /** Bytes that wait for the database. */
  get pendingBytes(): number {
    return this.#fresh.bytes + (this.#leaving?.bytes ?? 0);
  }

  get fresh(): { readonly size: number } {
    return this.#fresh;
  }

  get(table: Table, key: Buffer): Buffer | undefined {
    const pending = this.#pending(table, key);
    if (pending !== undefined) return pending.value;
    return this.#failure.watching(() => {
      const stored = this.#environment.get(table, key);
      return stored && this.#checked(table, key, stored);
    });
  }

  part(
    table: Table,
    { prefix, after = first(prefix), before = next(prefix), reverse = false, limit }: Part,
  ): Found[] {
    const over = this.#over(table, prefix, after, before);
    const span: Span = { after, before, reverse, limit: limit + over.length };
    const found = this.#failure.watching(() =>
      this.#environment
        .range(table, span)
        .map(({ key, stored }) => ({ key, value: this.#checked(table, key, stored) })),
    );
    return over.length === 0 ? found : merge(found, over, reverse, limit);
  }

  apply(writes: readonly Write[]): void {
    for (const { table, key, old, value } of writes) {
      const byte = tableByte(table);
      if (old !== undefined) this.#sum = subtract(this.#sum, hashRecord(byte, key, old));
      if (value === undefined) this.#fresh.remove(table, key);
      else {
        const hash = hashRecord(byte, key, value);
        this.#sum = add(this.#sum, hash);
        this.#fresh.set(table, key, hash.low, value);
      }
    }
  }

  /** Everything applied so far goes to the database, with the position that belongs to it (M12). One at a time. */
  async write(position: Buffer): Promise<void> {
    const leaving = this.#fresh;
    this.#leaving = leaving;
    this.#fresh = new Memtable();
    await this.#environment.write(leaving, position);
    this.#leaving = undefined; // from here on reads find it in the database
  }

  #pending(table: Table, key: Buffer): Pending | undefined {
    const leaving = this.#leaving?.has(table) ? this.#leaving : undefined;
    if (leaving === undefined && !this.#fresh.has(table)) return undefined;
    const name = nameOf(key);
    return this.#fresh.get(table, name) ?? leaving?.get(table, name);
  }

  /** What is not in the database yet, the newer over the older, in order. */
  #over(table: Table, prefix: Buffer, after: Buffer, before: Buffer): readonly Pending[] {
    const fresh = between(this.#fresh.group(table, prefix), after, before);
    const leaving = between(this.#leaving?.group(table, prefix) ?? [], after, before);
    if (leaving.length === 0 || fresh.length === 0) return leaving.length === 0 ? fresh : leaving;
    const newest = new Map<string, Pending>();
    for (const pending of [...leaving, ...fresh]) newest.set(pending.name, pending);
    return [...newest.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
  }

  #checked(table: Table, key: Buffer, stored: Buffer): Buffer {
    return checkedValue(table, key, stored, this.#file);
  }
}

/** The value of a stored record. @throws DamagedStore when it is not what was written */
export function checkedValue(table: Table, key: Buffer, stored: Buffer, file: string): Buffer {
  const value = stored.subarray(checkBytes);
  if (stored.length < checkBytes || stored.readUInt32BE() !== hashRecord(tableByte(table), key, value).low) {
    throw new DamagedStore(file, `a record of ${table} is not what was written`);
  }
  return value;
}

function between(group: readonly Pending[], after: Buffer, before: Buffer): readonly Pending[] {
  if (group.length === 0) return group;
  const name = nameOf(after);
  let from = firstFrom(group, name);
  if (group[from]?.name === name) from++;
  return group.slice(from, firstFrom(group, nameOf(before)));
}

function merge(found: readonly Found[], over: readonly Pending[], reverse: boolean, limit: number): Found[] {
  const changes = reverse ? [...over].reverse() : over;
  const sign = reverse ? -1 : 1;
  const merged: Found[] = [];
  let at = 0;
  for (const { key, value } of changes) {
    for (let base = found[at]; base !== undefined && base.key.compare(key) * sign < 0; base = found[++at])
      merged.push(base);
    if (found[at]?.key.equals(key)) at++;
    if (value !== undefined) merged.push({ key, value });
  }
  // What the database did not give for want of the limit comes after all it gave: then the rest cannot be told, and is cut off.
  merged.push(...found.slice(at));
  return merged.slice(0, limit);
}

/** Before all keys that begin with this prefix: LMDB takes no empty key. */
function first(prefix: Buffer): Buffer {
  return prefix.length === 0 ? Buffer.of(0) : prefix;
}

/** The first key after all that begin with this prefix. */
export function next(prefix: Buffer): Buffer {
  const after = Buffer.from(prefix);
  for (let i = after.length - 1; i >= 0; i--) {
    if (after[i] !== 0xff) {
      after[i] = (after[i] as number) + 1;
      return after.subarray(0, i + 1);
    }
  }
  return Buffer.alloc(16, 0xff);
}
