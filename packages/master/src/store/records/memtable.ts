import { groupBytes, type Table, tables } from './table.js';

/** A record that changed and is not in the database yet. */
export interface Pending {
  readonly key: Buffer;
  /** As it will be stored; undefined when it was removed. */
  stored: Buffer | undefined;
}

/** What was applied since the last transaction, by key, and in order where the table is read in order. */
export class Memtable {
  readonly #points = new Map<Table, Map<string, Pending>>(tables.map((table) => [table, new Map()]));
  readonly #groups = new Map<Table, Map<string, Pending[]>>(tables.map((table) => [table, new Map()]));
  #size = 0;
  #bytes = 0;

  /** Records. */
  get size(): number {
    return this.#size;
  }

  get bytes(): number {
    return this.#bytes;
  }

  set(table: Table, key: Buffer, stored: Buffer | undefined): void {
    const points = this.#points.get(table) as Map<string, Pending>;
    const name = key.toString('latin1');
    const known = points.get(name);
    this.#bytes += (stored?.length ?? 0) - (known?.stored?.length ?? 0);
    if (known !== undefined) {
      known.stored = stored;
      return;
    }
    const pending: Pending = { key, stored };
    points.set(name, pending);
    this.#size++;
    this.#bytes += key.length;
    this.#enter(table, name, pending);
  }

  get(table: Table, key: Buffer): Pending | undefined {
    const points = this.#points.get(table) as Map<string, Pending>;
    return points.size === 0 ? undefined : points.get(key.toString('latin1'));
  }

  /** In the order of keys. */
  group(table: Table, prefix: Buffer): readonly Pending[] {
    const groups = this.#groups.get(table) as Map<string, Pending[]>;
    return groups.size === 0 ? nothing : (groups.get(prefix.toString('latin1')) ?? nothing);
  }

  *[Symbol.iterator](): Generator<readonly [Table, Pending]> {
    for (const [table, points] of this.#points) {
      for (const pending of points.values()) yield [table, pending];
    }
  }

  #enter(table: Table, name: string, pending: Pending): void {
    const length = groupBytes[table];
    if (length === undefined) return;
    const groups = this.#groups.get(table) as Map<string, Pending[]>;
    const prefix = name.slice(0, length);
    const group = groups.get(prefix);
    if (group === undefined) {
      groups.set(prefix, [pending]);
      return;
    }
    group.splice(firstFrom(group, pending.key), 0, pending);
  }
}

/** The index of the first one that is not before `key`. Most keys come at the end. */
export function firstFrom(group: readonly Pending[], key: Buffer): number {
  let low = 0;
  let high = group.length;
  const last = group.at(-1);
  if (last === undefined || last.key.compare(key) < 0) return high;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((group[middle] as Pending).key.compare(key) < 0) low = middle + 1;
    else high = middle;
  }
  return low;
}

const nothing: readonly Pending[] = [];
