import { describe, expect, test } from '@jest/globals';
import { longestPause, median, quantile, ratios, summarize } from '../src/statistics.js';

describe('statistics', () => {
  test('a quantile is a value that was measured', () => {
    expect(quantile([4, 1, 3, 2], 0.5)).toBe(2);
    expect(quantile([4, 1, 3, 2], 0.95)).toBe(4);
    expect(quantile([7], 0.01)).toBe(7);
    expect(quantile([], 0.5)).toBeNaN();
  });

  test('the median of an even count lies between the two in the middle', () => {
    expect(median([10, 1, 2, 4])).toBe(3);
    expect(median([10, 1, 2])).toBe(2);
    expect(median([])).toBeNaN();
  });

  test('a ratio is taken round by round, and a round without its other half is none', () => {
    expect(ratios([10, 30, 5], [20, 10])).toEqual([0.5, 3]);
  });

  test('a summary tells how many rounds there were, and does not change their order', () => {
    const values = [3, 1, 2];
    expect(summarize(values)).toEqual({ rounds: 3, min: 1, median: 2, p95: 3, max: 3 });
    expect(values).toEqual([3, 1, 2]);
  });

  test('the longest pause may begin before the fault, and counts in whatever order the times were noted', () => {
    expect(longestPause([130, 90, 100, 131], 95, 131)).toBe(30);
    expect(longestPause([0, 50, 60, 70], 55, 70)).toBe(10);
  });

  test('what has not come back by the end was a pause until then', () => {
    expect(longestPause([10, 20], 20, 500)).toBe(480);
    expect(longestPause([], 20, 500)).toBe(480);
  });
});
