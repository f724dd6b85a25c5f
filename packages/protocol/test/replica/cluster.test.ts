import { describe, expect, jest, test } from '@jest/globals';
import * as core from '../../src/replica/index.js';
import { mutated, mutations } from './mutations.js';
import { runToyWorld } from './toy-run.js';

const sizes = [
  { masters: 3, minInSync: 2 },
  { masters: 2, minInSync: 1 },
  { masters: 3, minInSync: 1 },
];
const durationMs = 8000;
// Seconds on an idle machine; others may need the processor, too.
jest.setTimeout(180_000);

describe('replica cores in a bad world', () => {
  test.each(sizes)(
    '$masters masters with a floor of $minInSync lose, double and reorder nothing (M1–M10)',
    (size) => {
      let acknowledged = 0;
      for (let seed = 1; seed <= 12; seed++) {
        const bill = runToyWorld(core, seed, { ...size, durationMs });
        expect({ seed, findings: bill.findings }).toEqual({ seed, findings: [] });
        acknowledged += bill.acknowledged;
      }
      expect(acknowledged).toBeGreaterThan(12 * 100);
    },
  );
});

describe('with a rule removed, the bad world finds it', () => {
  test.each(mutations)('$without', async (mutation) => {
    const broken = await mutated(mutation);
    const found = firstFinding(broken, 40);
    expect(found).toBeDefined();
  });
});

function firstFinding(broken: typeof core, seeds: number): string | undefined {
  for (let seed = 1; seed <= seeds; seed++) {
    for (const size of sizes) {
      const [finding] = runToyWorld(broken, seed, { ...size, durationMs }).findings;
      if (finding !== undefined) return finding;
    }
  }
  return undefined;
}
