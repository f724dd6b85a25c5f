import { describe, expect, test } from '@jest/globals';
import { planCluster } from '../src/cluster/plan.js';
import { figuresLine, findingLines } from '../src/print/verify.js';
import { Evidence } from '../src/verify/evidence.js';
import { candidates, isSpared } from '../src/verify/victim.js';

const figures = {
  written: 12_044,
  read: 12_044,
  refused: 0,
  longestMs: 23.4,
  epoch: 7,
  killed: 0,
  lost: 0,
  doubled: 0,
  wrong: 0,
};

describe('the one line', () => {
  test('is the one of the manual', () => {
    expect(figuresLine(figures)).toBe(
      '12,044 written · 12,044 read · 0 lost · 0 doubled · longest pause 23 ms · epoch 7',
    );
  });

  test('says what else there is to say, and nothing else', () => {
    expect(figuresLine({ ...figures, wrong: 1, refused: 2, killed: 300 })).toBe(
      '12,044 written · 12,044 read · 0 lost · 0 doubled · 1 wrong · 2 refused · longest pause 23 ms · epoch 7 · 300 killed',
    );
  });
});

test('the evidence names what, whose, where and when, and steers no terminal', () => {
  const post = {
    id: 'i',
    author: 'verify-x-1',
    text: '\u001b[2J',
    seq: 7,
    begunMs: 1_500.26,
    endedMs: Number.POSITIVE_INFINITY,
  };
  const finding = {
    rule: 'acknowledged is kept' as const,
    what: 'post i is lost',
    evidence: [post, undefined],
  };
  expect(findingLines(finding, 1_000)).toEqual([
    'acknowledged is kept: post i is lost',
    '    {"id":"i","author":"verify-x-1","text":"\\u001b[2J","seq":7,"begunMs":500.3,"endedMs":"never"}',
  ]);
});

describe('whom to kill', () => {
  const wish = {
    dataDir: '/d',
    host: '127.0.0.1',
    minInSync: 1,
    routerPort: 3010,
    masterPorts: [3011, 3012],
  };
  const plan = planCluster(wish);
  const names = (kind: Parameters<typeof candidates>[0], available?: string): string[] =>
    candidates(kind, plan, available).map(({ name }) => name);

  test('is the one whose turn it is', () => {
    expect(names('available', '127.0.0.1:3012')).toEqual(['master-2']);
    expect(names('standby', '127.0.0.1:3012')).toEqual(['master-1']);
    expect(names('router')).toEqual(['router']);
  });

  test('is nobody while nobody is available', () => {
    expect(names('available')).toEqual([]);
    expect(names('standby')).toEqual([]);
  });

  test('is anybody at random, watchdogs, too, each by the folder that it holds', () => {
    expect(candidates('random', plan, undefined).map(({ dataDir }) => dataDir)).toEqual([
      '/d/router',
      '/d/master-1',
      '/d/master-2',
      '/d/watchdog/router',
      '/d/watchdog/master-1',
      '/d/watchdog/master-2',
    ]);
  });

  test('is not who would be held back by its watchdog for dying too often (W5)', () => {
    const kills = new Map([['router', [1_000, 2_000, 3_000, 4_000]]]);
    expect(isSpared(plan.router, new Map([['router', [1_000, 2_000, 3_000]]]), 6_000)).toBe(false);
    expect(isSpared(plan.router, kills, 6_000)).toBe(true);
    expect(isSpared(plan.router, kills, 31_000)).toBe(false);
  });
});

test('what the router tells is kept from one check to the next, and bounded', () => {
  const evidence = new Evidence();
  const master = {
    masterId: 'm',
    address: '127.0.0.1:1',
    role: 'available' as const,
    inSync: true,
    alive: true,
    lastSeq: 1,
    committedSeq: 1,
    aliveSinceMs: 0,
    version: '1',
    stateHash: 'aa',
    stateHashSeq: 1,
  };
  const event = { atMs: 0, epoch: 3, what: '', kind: 'failover' as const, masterId: 'm', tookMs: 1 };
  const status = {
    clusterId: 'c',
    epoch: 3,
    version: 1,
    history: 1,
    minInSync: 1,
    liveCopies: 1,
    masters: [master],
    events: [event, { ...event, kind: 'gone' as const }, { ...event, epoch: 2 }],
  };
  for (let times = 0; times < 3_000; times += 1) evidence.hear(status);
  const first = evidence.take();
  expect(first.eventEpochs).toEqual([2, 3]);
  expect(first.states).toHaveLength(1_000);
  expect(evidence.take()).toMatchObject({
    reigns: [{ epoch: 3, address: '127.0.0.1:1' }],
    eventEpochs: [2, 3],
  });
  expect(evidence.epoch).toBe(3);
});
