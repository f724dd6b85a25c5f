import { describe, expect, test } from '@jest/globals';
import { Counters } from '../../src/simulator/counters.js';
import { planOf } from '../../src/simulator/plan.js';
import { runSchedule } from '../../src/simulator/run.js';

const each = 500;
const counters = new Counters();

describe('in a bad world', () => {
  test.each([1, 501, 1001, 1501])(
    'the cluster keeps every promise and comes back to life, in 500 schedules from seed %i on (R, M, C)',
    (fromSeed) => {
      for (let seed = fromSeed; seed < fromSeed + each; seed++) {
        const result = runSchedule(planOf(seed));
        expect({ seed, findings: result.findings }).toEqual({ seed, findings: [] });
        counters.add(result.counters);
      }
    },
    300_000,
  );

  test('every kind of fault has struck, and every rule was needed', () => {
    expect(counters.missing).toEqual([]);
  });
});

test('the same seed is the same schedule, step by step', () => {
  const once = runSchedule(planOf(7), true);
  const again = runSchedule(planOf(7), true);
  expect(again.trace.length).toBeGreaterThan(100);
  expect(again.trace).toEqual(once.trace);
});
