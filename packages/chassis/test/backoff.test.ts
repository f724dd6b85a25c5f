import { expect, test } from '@jest/globals';
import { backoffMs, createBackoff } from '../src/backoff.js';
import type { Random } from '../src/random.js';

const worst: Random = { next: () => 1 - 2 ** -32, uuid: () => '', uuidv7: () => '' };
const best: Random = { ...worst, next: () => 0 };

test('C5: the first try is made at once, then 10 ms doubling to 500 ms', () => {
  const waits = Array.from({ length: 9 }, (_, attempt) => Math.round(backoffMs(attempt, worst)));
  expect(waits).toEqual([0, 10, 20, 40, 80, 160, 320, 500, 500]);
});

test('C5: full jitter: a wait may be nothing at all', () => {
  expect(Array.from({ length: 5 }, (_, attempt) => backoffMs(attempt, best))).toEqual([0, 0, 0, 0, 0]);
});

test('stays finite and bounded for ever', () => {
  for (const attempt of [60, 2_000, Number.MAX_SAFE_INTEGER])
    expect(backoffMs(attempt, worst, { baseMs: 100, maxMs: 5_000 })).toBeCloseTo(5_000, 0);
});

test('counts its tries until it is reset', () => {
  const backoff = createBackoff(worst, { baseMs: 100, maxMs: 5_000 });
  expect([backoff.nextMs(), backoff.nextMs(), backoff.nextMs()].map(Math.round)).toEqual([0, 100, 200]);
  expect(backoff.attempts).toBe(3);
  backoff.reset();
  expect([backoff.attempts, backoff.nextMs()]).toEqual([0, 0]);
});
