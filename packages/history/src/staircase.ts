import { firstIndex } from './search.js';

/** Points of a key and a value; asked for the highest value on the left of a key, in O(log n). */
export class Staircase {
  private readonly keys: readonly number[];
  private readonly heights: readonly number[];

  constructor(points: readonly (readonly [key: number, value: number])[]) {
    const sorted = points.toSorted(([a], [b]) => ascending(a, b));
    let highest = Number.NEGATIVE_INFINITY;
    this.keys = sorted.map(([key]) => key);
    this.heights = sorted.map(([, value]) => {
      highest = Math.max(highest, value);
      return highest;
    });
  }

  before(key: number): number {
    return this.heightOf(firstIndex(this.keys.length, (index) => (this.keys[index] ?? 0) >= key));
  }

  upTo(key: number): number {
    return this.heightOf(firstIndex(this.keys.length, (index) => (this.keys[index] ?? 0) > key));
  }

  private heightOf(count: number): number {
    return this.heights[count - 1] ?? Number.NEGATIVE_INFINITY;
  }
}

/** A difference would not do: keys may be infinite. */
function ascending(a: number, b: number): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}
