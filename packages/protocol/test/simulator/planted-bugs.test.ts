import { describe, expect, test } from '@jest/globals';
import { plantedBugs, withBug } from './planted-bugs.js';

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
