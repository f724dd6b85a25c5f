import { systemClock } from '@everline/chassis';
import type { ReplicaEvent } from '@everline/protocol/replica';
import { beforeEach, describe, expect, test } from '@jest/globals';
import { JournalHand, type JournalHandOptions } from '../../src/replication/journal-hand.js';
import { encodeEntry } from '../../src/store/journal-entry.js';

const configuration = {
  clusterId: 'c',
  version: 7,
  epoch: 3,
  availableId: 'a',
  inSyncIds: ['a'],
  masters: [],
  minInSync: 1,
  history: 1,
};

/** What the disk was asked for, and how each ends. */
let asked: { readonly what: unknown; readonly done: () => void; readonly fail: () => void }[];
let told: ReplicaEvent[];
let hand: JournalHand;

function work(what: unknown): Promise<void> {
  return new Promise((resolve, reject) => {
    asked.push({ what, done: resolve, fail: () => reject(new Error('the disk is broken')) });
  });
}

const turn = (): Promise<void> => new Promise((resolve) => systemClock.soon(resolve));

beforeEach(() => {
  asked = [];
  told = [];
  hand = new JournalHand({
    store: { keep: work, append: work },
    host: { dispatch: (event: ReplicaEvent) => told.push(event) },
    clock: systemClock,
    onApplied: () => {},
  } as unknown as JournalHandOptions);
});

describe('the replica is told', () => {
  test('of a promise when it is on disk, and not before (M2)', async () => {
    hand.promise({ kind: 'promise', epoch: 3 });
    await turn();
    expect([asked.map(({ what }) => what), told]).toEqual([[{ promisedEpoch: 3 }], []]);
    asked[0]?.done();
    await turn();
    expect(told).toEqual([{ kind: 'promised', epoch: 3 }]);
  });

  test('of entries when they are flushed, with the generation in which they came, and not before (M2)', async () => {
    const entries = [4, 5, 6].map((seq) => encodeEntry(seq, 3, Uint8Array.of(seq)));
    hand.arrive(entries);
    hand.store({ kind: 'store', fromSeq: 5, toSeq: 6, generation: 2 });
    await turn();
    expect([asked.map(({ what }) => what), told]).toEqual([[entries.slice(1)], []]);
    asked[0]?.done();
    await turn();
    expect(told).toEqual([{ kind: 'flushed', seq: 6, generation: 2 }]);
  });

  test('nothing at all of what failed (M13)', async () => {
    hand.promise({ kind: 'promise', epoch: 3 });
    hand.begin({ kind: 'begin', epoch: 3, seq: 1, generation: 0 });
    for (const { fail } of asked) fail();
    await turn();
    expect([asked.length, told]).toEqual([2, []]);
  });
});

/** Everything up to entry 6 is in the journal, nothing is applied, and entry 6 has just come. */
function handOf(role: unknown, order: string[]): JournalHand {
  const entries = [5, 6].map((seq) => encodeEntry(seq, 3, Uint8Array.of(seq)));
  const committed = new JournalHand({
    store: {
      append: () =>
        Promise.resolve().then(() => {
          order.push('written');
        }),
      positions: () => ({ appliedSeq: order.includes('applied') ? 5 : 4 }),
      read: () => entries.slice(0, 1),
      apply: () => order.push('applied'),
    },
    host: { replica: { role }, dispatch: () => {}, guarded: (run: () => void) => run() },
    clock: systemClock,
    onApplied: () => {},
  } as unknown as JournalHandOptions);
  committed.arrive(entries.slice(1));
  return committed;
}

describe('what is committed is applied', () => {
  test.each([
    ['at a standby after the entries that came with it are on their way to the disk', 'following', 'written'],
    ['in a reign at once, for somebody waits', 'available', 'applied'],
  ])('%s', async (_when, kind, first) => {
    const order: string[] = [];
    const committed = handOf({ kind }, order);
    committed.store({ kind: 'store', fromSeq: 6, toSeq: 6, generation: 1 });
    committed.apply({ kind: 'apply', toSeq: 5 });
    await turn();
    expect([order[0], order.length]).toEqual([first, 2]);
  });

  test('before a new reign serves, though nobody waited for it at the standby (M7)', async () => {
    const order: string[] = [];
    const committed = handOf({ kind: 'following' }, order);
    committed.apply({ kind: 'apply', toSeq: 5 });
    committed.whenApplied(() => order.push('serves'));
    await turn();
    expect(order).toEqual(['applied', 'serves']);
  });
});

test('R9: every configuration is kept', () => {
  hand.keep({ kind: 'keep', configuration });
  expect(asked.map(({ what }) => what)).toEqual([{ configuration }]);
});
