import { describe, expect, test } from '@jest/globals';
import { lateWords, plantedBugs } from './planted-bugs.js';
import { withBug } from './with-bug.js';

describe('with a rule taken away, the simulator finds it', () => {
  test.each(plantedBugs)(
    '$without',
    async (bug) => {
      const { planOf, runSchedule } = await withBug(bug);
      expect(runSchedule(planOf(bug.seed)).findings).not.toEqual([]);
    },
    60_000,
  );
});

test('M2 holds by itself: what comes late over streams that should be closed does no harm', async () => {
  const { planOf, runSchedule } = await withBug({ edits: lateWords });
  for (let seed = 1; seed <= 60; seed++) {
    const { findings } = runSchedule(planOf(seed));
    expect({ seed, findings }).toEqual({ seed, findings: [] });
  }
}, 60_000);
