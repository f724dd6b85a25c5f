import { describe, expect, test } from '@jest/globals';
import { count, duration } from '../src/print/duration.js';
import { graphText } from '../src/print/graph.js';
import { shortTime } from '../src/print/local-time.js';
import { lostLine, resumedLine } from '../src/print/resumed.js';
import { styleFor } from '../src/print/style.js';
import { table } from '../src/print/table.js';

const plain = styleFor({ colours: false });

describe('for people', () => {
  test.each([
    [0.42, '0.4 ms'],
    [9.96, '10 ms'],
    [12.4, '12 ms'],
    [1_000, '1 s'],
    [1_234, '1.2 s'],
    [59_999, '59 s'],
    [60_000, '1 min'],
    [200_000, '3 min 20 s'],
    [3_600_000, '1 h'],
    [7_500_000, '2 h 5 min'],
    [187_200_000, '2 d 4 h'],
  ])('%d ms is "%s"', (ms, text) => {
    expect(duration(ms)).toBe(text);
  });

  test('amounts have their plural', () => {
    expect([count(1, 'disk'), count(2, 'disk'), count(1_234, 'line')]).toEqual([
      '1 disk',
      '2 disks',
      '1,234 lines',
    ]);
  });

  test('a time is as long as it must be', () => {
    const at = new Date(2024, 1, 3, 4, 5, 6).getTime();
    expect(shortTime(at, new Date(2024, 1, 3, 23, 0, 0).getTime())).toBe('04:05:06');
    expect(shortTime(at, new Date(2024, 1, 4, 23, 0, 0).getTime())).toBe('Feb  3 04:05:06');
    expect(shortTime(at, new Date(2025, 1, 3, 23, 0, 0).getTime())).toBe('Feb  3 2024');
  });

  test('a failover is one line: who took over, after how long, nothing missed', () => {
    const resumed = {
      kind: 'resumed',
      afterMs: 12.3,
      address: '127.0.0.1:3012',
      epoch: 2,
      entries: 3,
      missed: 0,
    } as const;
    expect(resumedLine(resumed)).toBe(
      '-- 127.0.0.1:3012 took over in epoch 2 after 12 ms, 3 fetched, nothing missed --',
    );
    expect(resumedLine({ ...resumed, entries: 0 })).toBe(
      '-- 127.0.0.1:3012 took over in epoch 2 after 12 ms, nothing missed --',
    );
    expect(lostLine({ kind: 'lost', address: '127.0.0.1:3011', epoch: 1, why: 'x' })).toContain(
      '127.0.0.1:3011',
    );
  });
});

describe('tables', () => {
  test('columns are as wide as their widest cell, and no line ends in spaces', () => {
    const rows = [
      [{ text: 'a' }, { text: 'long', right: true }, { text: 'z' }],
      [{ text: 'wide' }, { text: '1', right: true }, { text: '' }],
    ];
    expect(table(rows, '> ')).toBe('> a     long  z\n> wide     1\n');
  });
});

test('names are wrapped under their heading', () => {
  const names = { allUsers: ['alice', 'bob', 'carol'], followers: [], following: ['bob'] };
  expect(graphText(names, plain, 16)).toBe(
    'All users (3)\n  alice  bob\n  carol\nFollowers (0)\nFollowing (1)\n  bob\n',
  );
});
