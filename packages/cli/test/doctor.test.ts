import type { ClusterStatus, MasterStatus } from '@everline/client';
import { describe, expect, jest, test } from '@jest/globals';
import { judgeClock } from '../src/doctor/clock.js';
import { judgeCluster } from '../src/doctor/cluster.js';
import { checkNode } from '../src/doctor/node.js';
import { checkStorage } from '../src/doctor/storage.js';

// The machine may be busy.
jest.setTimeout(60_000);

function master(number: number, facts: Partial<MasterStatus> = {}): MasterStatus {
  return {
    masterId: `0190abcd-${number}`,
    address: `127.0.0.1:${3010 + number}`,
    role: number === 1 ? 'available' : 'standby',
    inSync: true,
    alive: true,
    lastSeq: 10,
    committedSeq: 10,
    aliveSinceMs: 0,
    version: '0.1.0',
    stateHash: 'h',
    stateHashSeq: 10,
    ...facts,
  };
}

function status(masters: readonly MasterStatus[], facts: Partial<ClusterStatus> = {}): ClusterStatus {
  const liveCopies = masters.filter(({ alive, inSync }) => alive && inSync).length;
  return {
    clusterId: 'c',
    epoch: 1,
    version: 1,
    history: 1,
    minInSync: 1,
    liveCopies,
    masters,
    events: [],
    ...facts,
  };
}

const levels = (cluster: ClusterStatus) =>
  judgeCluster(cluster).map(({ level, what }) => `${level}: ${what}`);

describe('a running cluster', () => {
  test('that is well is told so', () => {
    expect(levels(status([master(1), master(2)]))).toEqual([
      'ok: 127.0.0.1:3011 is available',
      'ok: 2 live copies of every post',
      'ok: the masters agree on the state',
    ]);
  });

  test('with one live copy is a warning with a remedy', () => {
    const [, redundancy] = judgeCluster(status([master(1), master(2, { alive: false, role: 'gone' })]));
    expect(redundancy).toMatchObject({
      level: 'warning',
      remedy: expect.stringMatching(/bring another master back/),
    });
  });

  test('below its floor is a fault', () => {
    expect(levels(status([master(1)], { minInSync: 2 }))).toContain(
      'fault: 1 live copy, and every post must reach 2',
    );
  });

  test('without an available master names those it waits for', () => {
    const gone = { alive: false, role: 'gone' } as const;
    const [finding] = judgeCluster(status([master(1, gone), master(2, { ...gone, inSync: false })]));
    expect(finding).toMatchObject({ level: 'fault', remedy: expect.stringContaining('127.0.0.1:3011') });
  });

  test('whose masters differ at the same entry is a fault; at different entries nothing is said', () => {
    expect(levels(status([master(1), master(2, { stateHash: 'x' })]))).toContain(
      'fault: 127.0.0.1:3011 and 127.0.0.1:3012 differ at entry 10',
    );
    expect(levels(status([master(1), master(2, { stateHash: 'x', stateHashSeq: 9 })]))).not.toContain(
      'fault',
    );
  });

  test('in the middle of an upgrade is a warning', () => {
    expect(levels(status([master(1), master(2, { version: '0.2.0' })]))).toContain(
      'warning: masters of versions 0.1.0 and 0.2.0 run together',
    );
  });
});

describe('this machine', () => {
  test.each([
    ['v20.19.0', 'ok'],
    ['v20.20.2', 'ok'],
    ['v22.0.0', 'ok'],
    ['v20.18.9', 'fault'],
    ['v18.20.0', 'fault'],
  ])('Node %s is %s', (version, level) => {
    expect(checkNode(version).level).toBe(level);
  });

  test('the storage engine is tried, not only looked for', async () => {
    expect(await checkStorage()).toMatchObject({ level: 'ok' });
  });

  test.each([
    ['steady', { wallMs: 1.8e12 + 100, elapsedMs: 100 }, ['ok', 'ok']],
    ['moved', { wallMs: 1.8e12 + 3_600_100, elapsedMs: 100 }, ['warning', 'ok']],
    ['late', { wallMs: 1.8e12 + 300, elapsedMs: 300 }, ['ok', 'warning']],
    ['in the past', { wallMs: 100, elapsedMs: 100 }, ['fault', 'ok']],
  ])('a clock that is %s', (_, after, expected) => {
    const findings = judgeClock({ wallMs: 1.8e12, elapsedMs: 0 }, after, 100);
    expect(findings.map(({ level }) => level)).toEqual(expected);
  });
});
