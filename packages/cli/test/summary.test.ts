import type { ClusterStatus, MasterStatus } from '@everline/client';
import { describe, expect, test } from '@jest/globals';
import { masterNamed } from '../src/master-named.js';
import { eventLine } from '../src/print/event.js';
import { redundancyOf, statusText, statusValue } from '../src/print/status.js';
import { styleFor } from '../src/print/style.js';
import { type Summary, summaryText, summaryValue } from '../src/print/summary.js';

const plain = styleFor({ colours: false });
const nowMs = new Date(2026, 4, 3, 12, 0, 0).getTime();

function master(number: number, facts: Partial<MasterStatus> = {}): MasterStatus {
  return {
    masterId: `0190abc${number}-7777`,
    address: `127.0.0.1:${3010 + number}`,
    role: number === 1 ? 'available' : 'standby',
    inSync: true,
    alive: true,
    lastSeq: 10,
    committedSeq: 10,
    aliveSinceMs: nowMs - 7_500_000,
    version: '0.1.0',
    stateHash: 'h',
    stateHashSeq: 10,
    ...facts,
  };
}

const status: ClusterStatus = {
  clusterId: '0190ffff-1111',
  epoch: 2,
  version: 3,
  history: 1,
  minInSync: 1,
  liveCopies: 1,
  masters: [
    master(1),
    master(2, { role: 'catching-up', inSync: false, lastSeq: 4 }),
    master(3, { role: 'gone', alive: false, aliveSinceMs: undefined }),
  ],
  events: [
    {
      atMs: nowMs - 1_000,
      epoch: 2,
      what: 'it \u001b[31mfailed over',
      kind: 'failover',
      masterId: 'x',
      tookMs: 8,
    },
    { atMs: nowMs - 2_000, epoch: 1, what: 'joined', kind: 'joined', masterId: 'x', tookMs: undefined },
  ],
};

describe('status', () => {
  test('shows who serves, each master’s lag, and the last failovers', () => {
    expect(statusText(status, plain, nowMs)).toBe(
      `● 127.0.0.1:3011 is available · epoch 2 · redundancy: none · cluster 0190ffff

  master    address         role         in sync  lag  up
  0190abc1  127.0.0.1:3011  available    yes      0    2 h 5 min
  0190abc2  127.0.0.1:3012  catching up  no       6    2 h 5 min
  0190abc3  127.0.0.1:3013  gone         yes      –    –

Last failovers
  11:59:59  failover  epoch 2  8 ms  it ␛[31mfailed over
`,
    );
  });

  test('says that nobody serves', () => {
    const masters = [master(1, { alive: false })];
    expect(statusText({ ...status, masters, liveCopies: 0 }, plain, nowMs)).toMatch(
      /^no master is available · /,
    );
    expect(statusText({ ...status, masters: [] }, plain, nowMs)).toMatch(/no master has come yet/);
  });

  test('gives programs everything, and what follows from it', () => {
    expect(statusValue(status)).toMatchObject({
      epoch: 2,
      redundancy: 'none',
      available: { masterId: '0190abc1-7777', address: '127.0.0.1:3011' },
      masters: [{ lag: 0 }, { lag: 6 }, { lag: 0 }],
    });
    expect([0, 1, 2, 3].map(redundancyOf)).toEqual(['lost', 'none', 'full', 'full']);
  });

  test('an event is one line', () => {
    const [failover, joined] = status.events;
    if (failover === undefined || joined === undefined) throw new Error('two events');
    expect(eventLine(failover, plain, nowMs)).toBe(
      '  11:59:59  it ␛[31mfailed over · epoch 2 (decided in 8 ms)',
    );
    expect(eventLine(joined, plain, nowMs)).toBe('  11:59:58  joined · epoch 1');
  });
});

describe('a master is named', () => {
  test.each([
    ['0190abc1-7777', '127.0.0.1:3011'],
    ['0190abc2', '127.0.0.1:3012'],
    ['127.0.0.1:3013', '127.0.0.1:3013'],
  ])('by %s', (typed, address) => {
    expect(masterNamed(typed, status.masters).address).toBe(address);
  });

  test('not by nothing, not by what several share, not by what none has; the error names them all', () => {
    expect(() => masterNamed('', status.masters)).toThrow(/no master is named/);
    expect(() => masterNamed('0190', status.masters)).toThrow(/several masters are named `0190`/);
    expect(() => masterNamed('zz', status.masters)).toThrow(/there are 0190abc1 \(127\.0\.0\.1:3011\), /);
  });
});

describe('the summary of `up`', () => {
  const summary: Summary = {
    roles: [
      { name: 'router', address: '127.0.0.1:3010', pid: 10, master: undefined },
      { name: 'master-1', address: '127.0.0.1:3011', pid: 11, master: master(1) },
      { name: 'master-2', address: '127.0.0.1:3012', pid: 12, master: master(2) },
    ],
    routerFlag: undefined,
    dataDir: '/home/alice/.local/share/everline',
    dataFlag: undefined,
    command: 'npx everline',
    liveCopies: 2,
    minInSync: 1,
    readyMs: 1_234,
    already: false,
    detached: false,
  };

  test('says what runs where, and how to go on', () => {
    const text = summaryText(summary, plain);
    expect(text).toContain('● Everline is up · ready after 1.2 s\n');
    expect(text).toContain('    master-1  127.0.0.1:3011  pid 11  available\n');
    expect(text).toContain('    master-2  127.0.0.1:3012  pid 12  standby, in sync\n');
    expect(text).toContain('    npx everline login alice ');
    expect(text).toContain('    kill -9 11 ');
    expect(text).toContain('Ctrl-C here, or npx everline down, stops it all.');
  });

  test('what it suggests names the router and the folder when they are not the default ones', () => {
    const elsewhere = {
      ...summary,
      routerFlag: '127.0.0.1:4010',
      dataFlag: '/d',
      dataDir: '/d',
      detached: true,
    };
    const text = summaryText(elsewhere, plain);
    expect(text).toContain('npx everline --router 127.0.0.1:4010 post "hello, world"');
    expect(text).toContain('npx everline down --data /d stops it all.');
    expect(text).not.toContain('Ctrl-C');
  });

  test('is honest about one master', () => {
    expect(summaryText({ ...summary, liveCopies: 1 }, plain)).toContain('One master keeps everything');
    expect(summaryText({ ...summary, liveCopies: 1, minInSync: 2 }, plain)).toContain(
      'Posts are refused until 2 masters',
    );
  });

  test('is one object for programs', () => {
    expect(summaryValue(summary)).toMatchObject({
      event: 'up',
      router: '127.0.0.1:3010',
      readyMs: 1_234,
      roles: [{ name: 'router', pid: 10 }, { name: 'master-1', role: 'available' }, { inSync: true }],
    });
    expect(summaryValue({ ...summary, already: true })).toMatchObject({ event: 'already-up' });
  });
});
