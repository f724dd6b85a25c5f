import { systemClock } from '@everline/chassis';
import { type Available, defaultReplicaTimes, openReplica } from '@everline/protocol/replica';
import { expect, test } from '@jest/globals';
import { Batcher } from '../../src/replication/batcher.js';
import { Proposals } from '../../src/replication/proposals.js';
import { readCommand } from '../../src/state/command.js';

const reign: Available = {
  kind: 'available',
  epoch: 1,
  beginSeq: 1,
  peers: [],
  pending: undefined,
  asked: undefined,
  askedCount: 0,
  tickedAtMs: 0,
};

test('T1: a wall clock that goes back takes no post back: each is as late as the one before, at least', () => {
  const found = { promisedEpoch: 1, configuration: undefined, lastSeq: 1, lastEpoch: 1, appliedSeq: 1 };
  const replica = { ...openReplica({ ...defaultReplicaTimes, masterId: 'a' }, found, 0), role: reign };
  const proposals = new Proposals();
  const postedAtMs: number[] = [];
  let wallMs = 5_000;
  const batcher = new Batcher({
    host: { replica },
    hand: {
      append: (entries, _seq, _generation, flushed) => {
        for (const { command } of entries) postedAtMs.push(readCommand(command).atMs);
        flushed?.();
      },
    },
    clock: { ...systemClock, wallMs: () => wallMs, soon: (run) => run() },
    store: {
      positions: () => ({
        firstSeq: 1,
        lastSeq: 1,
        lastEpoch: 1,
        appliedSeq: 1,
        appliedEpoch: 1,
        stateHash: '',
      }),
      lastAtMs: () => 4_000,
    },
    onAppended: () => {},
  });
  for (const nowMs of [5_000, 1_000, 3_000, 6_000]) {
    wallMs = nowMs;
    batcher.add(
      proposals.open({
        kind: 'post',
        id: `0190a000-0000-7000-8000-00000000${nowMs}`,
        author: 'ada',
        text: 'x',
      }),
    );
  }
  expect(postedAtMs).toEqual([5_000, 5_000, 5_000, 6_000]);
});
