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
