import { expect, jest, test } from '@jest/globals';
import fc from 'fast-check';
import { afterNumber, noPrefix, numberKey, pairKey, readNumber } from '../../src/state/keys.js';
import { Failure } from '../../src/store/failure.js';
import { Environment } from '../../src/store/records/environment.js';
import { add, hashRecord, type Sum, zero } from '../../src/store/records/record-hash.js';
import { Records } from '../../src/store/records/records.js';
import { tableByte } from '../../src/store/records/table.js';
import { temporaryFolder } from './temporary.js';

jest.setTimeout(30_000);

const position = Buffer.from('here');

type Step =
  | { readonly kind: 'put' | 'remove'; readonly owner: number; readonly item: number; readonly value: number }
  | { readonly kind: 'write' | 'written' }
  | {
      readonly kind: 'part';
      readonly owner: number;
      readonly after: number | undefined;
      readonly before: number | undefined;
      readonly reverse: boolean;
      readonly limit: number;
    };

const owner = fc.integer({ min: 1, max: 3 });
const item = fc.integer({ min: 0, max: 12 });
const change = fc.record({ owner, item, value: fc.nat(1e6) });
const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 5, arbitrary: change.map((made) => ({ kind: 'put' as const, ...made })) },
  { weight: 3, arbitrary: change.map((made) => ({ kind: 'remove' as const, ...made })) },
  { weight: 1, arbitrary: fc.constantFrom({ kind: 'write' as const }, { kind: 'written' as const }) },
  {
    weight: 6,
    arbitrary: fc.record({
      kind: fc.constant('part' as const),
      owner,
      after: fc.option(item, { nil: undefined }),
      before: fc.option(item, { nil: undefined }),
      reverse: fc.boolean(),
      limit: fc.integer({ min: 1, max: 6 }),
    }),
  },
);

/** The same over a plain map. */
class Naive {
  readonly all = new Map<string, { owner: number; item: number; value: Buffer }>();

  part({
    owner,
    after = -1,
    before = 99,
    reverse,
    limit,
  }: Extract<Step, { kind: 'part' }>): [number, string][] {
    const found = [...this.all.values()]
      .filter((one) => one.owner === owner && one.item > after && one.item < before)
      .sort((a, b) => (reverse ? b.item - a.item : a.item - b.item));
    return found.slice(0, limit).map((one) => [one.item, one.value.toString()]);
  }

  sum(): Sum {
    let sum = zero;
    for (const one of this.all.values()) {
      sum = add(sum, hashRecord(tableByte('following'), pairKey(one.owner, one.item), one.value));
    }
    return sum;
  }
}

test('whatever is on its way to the database: reads see every change, in order, and the sum is that of all records', async () => {
  const environment = new Environment(temporaryFolder());
  try {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 120 }), (steps) => walk(environment, steps)),
      { numRuns: 60 },
    );
  } finally {
    await environment.close();
  }
}, 60_000);

async function walk(environment: Environment, steps: readonly Step[]): Promise<void> {
  const records = new Records(environment, 'data.mdb', zero, new Failure());
  const naive = new Naive();
  let writing: Promise<void> | undefined;
  for (const one of steps) {
    if (one.kind === 'put' || one.kind === 'remove') {
      const key = pairKey(one.owner, one.item);
      const name = `${one.owner},${one.item}`;
      const value = one.kind === 'put' ? Buffer.from(`v${one.value}`) : undefined;
      records.apply([{ table: 'following', key, old: naive.all.get(name)?.value, value }]);
      if (value === undefined) naive.all.delete(name);
      else naive.all.set(name, { ...one, value });
      expect(records.get('following', key)).toEqual(value);
    } else if (one.kind === 'part') {
      const { after, before, reverse, limit } = one;
      const found = records.part('following', {
        prefix: numberKey(one.owner),
        ...(after === undefined ? {} : { after: pairKey(one.owner, after) }),
        ...(before === undefined ? {} : { before: pairKey(one.owner, before) }),
        reverse,
        limit,
      });
      expect(found.map(({ key, value }) => [readNumber(key, afterNumber), value.toString()])).toEqual(
        naive.part(one),
      );
    } else if (one.kind === 'write') writing ??= records.write(position);
    else {
      await writing;
      writing = undefined;
    }
  }
  await writing;
  expect(records.sum).toEqual(naive.sum());
  await empty(records, naive);
}

/** For the next run. */
async function empty(records: Records, naive: Naive): Promise<void> {
  const all = [...naive.all.values()];
  records.apply(
    all.map((one) => ({
      table: 'following',
      key: pairKey(one.owner, one.item),
      old: one.value,
      value: undefined,
    })),
  );
  expect(records.sum).toEqual(zero);
  await records.write(position);
}

test('a group without a prefix is the whole table, and keys with 0xff bytes end where they end', async () => {
  const environment = new Environment(temporaryFolder());
  try {
    const records = new Records(environment, 'data.mdb', zero, new Failure());
    const numbers = [1, 255, 256, 2 ** 32 - 1];
    records.apply(
      numbers.map((number) => ({
        table: 'members',
        key: numberKey(number),
        old: undefined,
        value: numberKey(number),
      })),
    );
    records.apply([
      { table: 'following', key: pairKey(2 ** 32 - 1, 7), old: undefined, value: numberKey(7) },
    ]);
    for (let round = 0; round < 2; round++) {
      const forth = records
        .part('members', { prefix: noPrefix, limit: 10 })
        .map(({ key }) => readNumber(key));
      const back = records
        .part('members', { prefix: noPrefix, limit: 3, reverse: true })
        .map(({ key }) => readNumber(key));
      expect([forth, back]).toEqual([numbers, [2 ** 32 - 1, 256, 255]]);
      expect(records.part('following', { prefix: numberKey(2 ** 32 - 1), limit: 10 }).length).toBe(1);
      await records.write(position);
    }
  } finally {
    await environment.close();
  }
});

test('M12: where the position cannot be written, nothing that belongs to it is', async () => {
  const environment = new Environment(temporaryFolder());
  const key = numberKey(1);
  const change = ['members', { key, stored: numberKey(7) }] as const;
  try {
    await environment.write([change], position);
    const next = ['members', { key, stored: numberKey(8) }] as const;
    const noBytes = undefined as unknown as Buffer;
    await expect(environment.write([next], noBytes)).rejects.toThrow('cannot be written');
    expect(environment.get('members', key)).toEqual(numberKey(7));
    expect(environment.position()).toEqual(position);
  } finally {
    await environment.close();
  }
});
