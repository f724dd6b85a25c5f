import { describe, expect, test } from '@jest/globals';
import * as core from '../../src/replica/index.js';
import { runToyWorld } from './toy-run.js';

const schedules = Number(30);

describe('replica cores in a bad world', () => {
  test.each([
    { masters: 3, minInSync: 2 },
    { masters: 2, minInSync: 1 },
    { masters: 3, minInSync: 1 },
  ])('$masters masters with a floor of $minInSync lose, double and reorder nothing (M1–M10)', (size) => {
    let acknowledged = 0;
    for (let seed = 1; seed <= schedules; seed++) {
      const bill = runToyWorld(core, seed, { ...size, durationMs: 10_000 });
      expect({ seed, findings: bill.findings }).toEqual({ seed, findings: [] });
      acknowledged += bill.acknowledged;
    }
    expect(acknowledged).toBeGreaterThan(schedules * 20);
  });
});
