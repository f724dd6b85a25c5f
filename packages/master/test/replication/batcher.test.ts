import { systemClock } from '@everline/chassis';
import { type Available, defaultReplicaTimes, openReplica, type Resigning } from '@everline/protocol/replica';
import { expect, test } from '@jest/globals';
import { Batcher } from '../../src/replication/batcher.js';
import { Proposals } from '../../src/replication/proposals.js';
import type { Waiter } from '../../src/sns/role.js';
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

const found = { promisedEpoch: 1, configuration: undefined, lastSeq: 1, lastEpoch: 1, appliedSeq: 1 };
const positions = {
  firstSeq: 1,
  lastSeq: 1,
  lastEpoch: 1,
  appliedSeq: 1,
  appliedEpoch: 1,
};

const nobody: Waiter = {
  caller: { aborted: false, reason: undefined },
  answered: () => undefined,
  failed: () => undefined,
};

/** Writes down when each post is said to be made. */
function opened() {
  const host = { replica: openReplica({ ...defaultReplicaTimes, masterId: 'a' }, found, 0) };
  const wall = { nowMs: 5_000 };
  const postedAtMs: number[] = [];
  const batcher = new Batcher({
    host,
    hand: {
      append: (entries, _seq, _generation, flushed) => {
        for (const { command } of entries) postedAtMs.push(readCommand(command).atMs);
        flushed?.();
      },
    },
    clock: { ...systemClock, wallMs: () => wall.nowMs, soon: (run) => run() },
    store: { positions: () => positions, lastAtMs: () => 4_000 },
    onAppended: () => {},
  });
  const proposals = new Proposals();
  const post = (nth: number): void => {
    const id = `0190a000-0000-7000-8000-00000000000${nth}`;
    batcher.add(proposals.open({ kind: 'post', id, author: 'ada', text: 'x' }, nobody));
  };
  const become = (role: Available | Resigning): void => {
    host.replica = { ...host.replica, role };
  };
  return { batcher, post, become, wall, postedAtMs };
}

test('T1: a wall clock that goes back takes no post back: each is as late as the one before, at least', () => {
  const { post, become, wall, postedAtMs } = opened();
  become(reign);
  for (const [nth, nowMs] of [5_000, 1_000, 3_000, 6_000].entries()) {
    wall.nowMs = nowMs;
    post(nth);
  }
  expect(postedAtMs).toEqual([5_000, 5_000, 5_000, 6_000]);
});

test('T1: also when those before are of an earlier reign', () => {
  const { post, become, wall, postedAtMs } = opened();
  become(reign);
  wall.nowMs = 1_000;
  post(1);
  expect(postedAtMs).toEqual([4_000]);
});

test('M6: what waited when a reign ended is not appended in a later one', () => {
  const { batcher, post, become, postedAtMs } = opened();
  become({ ...reign, kind: 'resigning', untilMs: 250 });
  post(1);
  batcher.clear();
  become({ ...reign, epoch: 2 });
  post(2);
  expect(postedAtMs).toHaveLength(1);
});
