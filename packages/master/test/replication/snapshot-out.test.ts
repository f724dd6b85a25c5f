import { type CallContext, type Out, systemClock, systemRandom } from '@everline/chassis';
import type { GetFollowerInfoResponse } from '@everline/contracts';
import { expect, test } from '@jest/globals';
import { refusal } from '../../src/errors.js';
import { SnapshotOut, type SnapshotOutOptions } from '../../src/replication/snapshot-out.js';

function asked(clusterId: string, mustReign = (): void => {}) {
  const store = {
    facts: () => ({ clusterId: 'c', history: 1, promisedEpoch: 1 }),
    openSnapshot: () => {
      throw new Error('a snapshot was opened');
    },
  } as unknown as SnapshotOutOptions['store'];
  const snapshots = new SnapshotOut({ store, clock: systemClock, random: systemRandom, mustReign });
  const out = {} as Out<GetFollowerInfoResponse>;
  return snapshots.getFollowerInfo({ clusterId, epoch: 1n }, {} as CallContext, out);
}

test('R9: nothing of a snapshot goes to another cluster', async () => {
  await expect(asked('d')).rejects.toMatchObject({ reason: 'FOREIGN_CLUSTER' });
  await expect(asked('c')).rejects.toThrow('a snapshot was opened');
});

test('M12: only the available master gives one: what it has applied is committed', async () => {
  const not = (): void => {
    throw refusal('NOT_AVAILABLE_MASTER');
  };
  await expect(asked('c', not)).rejects.toMatchObject({ reason: 'NOT_AVAILABLE_MASTER' });
});

test('a snapshot goes out in small messages, and the loop turns once between two of them', async () => {
  const written: string[] = [];
  const user = { userNumber: 1, sinceSeq: 0n, following: [] };
  const parts = Array.from({ length: 40 }, (_, i) => new Map([[`${i}`.padStart(1_000, 'x'), user]]));
  const reader = {
    asOfSeq: 1,
    asOfEpoch: 1,
    stateHash: '',
    followerInfo: () => parts,
    [Symbol.dispose]: () => {},
  };
  const store = {
    facts: () => ({ clusterId: 'c', history: 1, promisedEpoch: 1 }),
    openSnapshot: () => reader,
  } as unknown as SnapshotOutOptions['store'];
  const soon = (run: () => void): void => {
    written.push('turn');
    run();
  };
  const clock = { ...systemClock, soon };
  using snapshots = new SnapshotOut({ store, clock, random: systemRandom, mustReign: () => {} });
  const write = (message: Buffer): boolean => written.push(message.length < 6_000 ? 'small' : 'large') > 0;
  const out = { write } as unknown as Out<GetFollowerInfoResponse>;
  await snapshots.getFollowerInfo({ clusterId: 'c', epoch: 1n }, {} as CallContext, out);
  expect(written).toEqual(Array.from({ length: 10 }, () => ['small', 'turn']).flat());
});
