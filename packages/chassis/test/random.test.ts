import { describe, expect, test } from '@jest/globals';
import { type Random, seededRandom, systemRandom } from '../src/random.js';

const shape = (version: number) =>
  new RegExp(`^[0-9a-f]{8}-[0-9a-f]{4}-${version}[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$`);

describe.each<[string, Random]>([
  ['the system', systemRandom],
  ['a seed', seededRandom(42)],
])('chance from %s', (_, random) => {
  test('is even over [0, 1)', () => {
    const bins = new Array<number>(10).fill(0);
    for (let i = 0; i < 10_000; i++) {
      const value = random.next();
      expect(value >= 0 && value < 1).toBe(true);
      const bin = Math.floor(value * 10);
      bins[bin] = (bins[bin] ?? 0) + 1;
    }
    for (const count of bins) expect(count).toBeGreaterThan(800);
  });

  test('makes UUIDs of versions 4 and 7, each once', () => {
    const ids = new Set<string>();
    for (let i = 0; i < 1_000; i++) {
      const [four, seven] = [random.uuid(), random.uuidv7(1_700_000_000_000 + i)];
      expect(four).toMatch(shape(4));
      expect(seven).toMatch(shape(7));
      expect(Number.parseInt(seven.replaceAll('-', '').slice(0, 12), 16)).toBe(1_700_000_000_000 + i);
      ids.add(four).add(seven);
    }
    expect(ids.size).toBe(2_000);
  });
});

test('the same seed gives the same sequence, another seed another', () => {
  const draw = (seed: number) => {
    const random = seededRandom(seed);
    return [random.next(), random.uuid(), random.next(), random.uuidv7(5)];
  };
  expect(draw(7)).toEqual(draw(7));
  expect(draw(7)).not.toEqual(draw(8));
});
