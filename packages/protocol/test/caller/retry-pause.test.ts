import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { retryPauseMs } from '../../src/caller/retry-pause.js';
import { Draws } from '../../src/simulator/draws.js';

describe('when to try again', () => {
  test('C5: the first retry is made at once', () => {
    fc.assert(
      fc.property(fc.nat(), (seed) => {
        expect(retryPauseMs(0, new Draws(seed))).toBe(0);
      }),
    );
  });

  test('C5: pauses stay below 10 ms doubling to 500 ms, with full jitter', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 10_000 }), fc.nat(), (retries, seed) => {
        const pauseMs = retryPauseMs(retries, new Draws(seed));
        expect(pauseMs).toBeGreaterThanOrEqual(0);
        expect(pauseMs).toBeLessThan(Math.min(500, 10 * 2 ** (retries - 1)) + 1e-9);
      }),
    );
  });

  test('C5: what the server asked for is kept', () => {
    fc.assert(
      fc.property(fc.nat(100), fc.nat(), fc.nat(60_000), (retries, seed, retryAfterMs) => {
        expect(retryPauseMs(retries, new Draws(seed), retryAfterMs)).toBeGreaterThanOrEqual(retryAfterMs);
      }),
    );
  });
});
