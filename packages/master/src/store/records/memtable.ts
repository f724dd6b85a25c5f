import { groupBytes, type Table, tables } from './table.js';

/** What a stored value begins with: the low lane of the record's hash. */
export const checkBytes = 4;

/**
 * A record that changed and is not in the database yet. Its bytes lie in a slab with those of others and its key is a string: two buffers of its
 * own would take three times as much, of what outlives two collections.
 */
export class Pending {
  /** The key, a character a byte: in the order of keys. */
  readonly name: string;
  #slab: Buffer | undefined;
  #from = 0;
  #to = 0;

  constructor(name: string) {
    this.name = name;
  }

  get key(): Buffer {
    return Buffer.from(this.name, 'latin1');
  }

  /** As it will be stored; undefined when it was removed. */
  get stored(): Buffer | undefined {
    return this.#slab?.subarray(this.#from, this.#to);
  }

  /** Without the check. */
  get value(): Buffer | undefined {
    return this.#slab?.subarray(this.#from + checkBytes, this.#to);
  }

  /** Of what will be stored. */
  get length(): number {
    return this.#to - this.#from;
  }

  lie(slab: Buffer, from: number, to: number): void {
    this.#slab = slab;
    this.#from = from;
    this.#to = to;
  }

  remove(): void {
    this.#slab = undefined;
    this.#from = 0;
    this.#to = 0;
  }
}

const slabBytes = 32 * 1024;

/** What was applied since the last transaction, by key, and in order where the table is read in order. */
export class Memtable {
  readonly #points = new Map<Table, Map<string, Pending>>(tables.map((table) => [table, new Map()]));
  readonly #groups = new Map<Table, Map<string, Pending[]>>(tables.map((table) => [table, new Map()]));
  #size = 0;
  #bytes = 0;
  #slab: Buffer = nowhere;
  #slabAt = 0;

  /** Records. */
  get size(): number {
    return this.#size;
  }

  get bytes(): number {
    return this.#bytes;
  }

  set(table: Table, key: Buffer, check: number, value: Uint8Array): void {
    const pending = this.#pending(table, key);
    const length = checkBytes + value.length;
    this.#bytes += length - pending.length;
    if (this.#slabAt + length > this.#slab.length) {
      this.#slab = Buffer.allocUnsafeSlow(Math.max(slabBytes, length));
      this.#slabAt = 0;
    }
    const from = this.#slabAt;
    this.#slab.set(value, this.#slab.writeUInt32BE(check, from));
    this.#slabAt += length;
    pending.lie(this.#slab, from, this.#slabAt);
  }

  remove(table: Table, key: Buffer): void {
    const pending = this.#pending(table, key);
    this.#bytes -= pending.length;
    pending.remove();
  }

  /** Whether there is anything of this table. */
  has(table: Table): boolean {
    return (this.#points.get(table) as Map<string, Pending>).size > 0;
  }

  /** @param name of the key */
  get(table: Table, name: string): Pending | undefined {
    return (this.#points.get(table) as Map<string, Pending>).get(name);
  }

  /** In the order of keys. */
  group(table: Table, prefix: Buffer): readonly Pending[] {
    const groups = this.#groups.get(table) as Map<string, Pending[]>;
    return groups.size === 0 ? nothing : (groups.get(nameOf(prefix)) ?? nothing);
  }

  *[Symbol.iterator](): Generator<readonly [Table, Pending]> {
    for (const [table, points] of this.#points) {
      for (const pending of points.values()) yield [table, pending];
    }
  }

  /** The one of this key, made when there is none. */
  #pending(table: Table, key: Buffer): Pending {
    const points = this.#points.get(table) as Map<string, Pending>;
    const name = nameOf(key);
    const known = points.get(name);
    if (known !== undefined) return known;
    const pending = new Pending(name);
    points.set(name, pending);
    this.#size++;
    this.#bytes += key.length;
    this.#enter(table, pending);
    return pending;
  }

  #enter(table: Table, pending: Pending): void {
    const length = groupBytes[table];
    if (length === undefined) return;
    const groups = this.#groups.get(table) as Map<string, Pending[]>;
    const prefix = pending.name.slice(0, length);
    const group = groups.get(prefix);
    if (group === undefined) {
      groups.set(prefix, [pending]);
      return;
    }
    group.splice(firstFrom(group, pending.name), 0, pending);
  }
}

/** By which a key is found: buffers are no keys of a map. */
export function nameOf(key: Buffer): string {
  return key.toString('latin1');
}

/** The index of the first one that is not before `name`. Most keys come at the end. */
export function firstFrom(group: readonly Pending[], name: string): number {
  let low = 0;
  let high = group.length;
  const last = group.at(-1);
  if (last === undefined || last.name < name) return high;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((group[middle] as Pending).name < name) low = middle + 1;
    else high = middle;
  }
  return low;
}

const nothing: readonly Pending[] = [];
const nowhere = Buffer.alloc(0);
