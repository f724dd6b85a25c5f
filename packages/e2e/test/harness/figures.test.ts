import { describe, expect, test } from '@jest/globals';
import { statistic } from '../../src/figures/figures.js';

describe('Figures', () => {
  test('have their median, their 95th percentile and their worst from what was seen, not from between', () => {
    const values = [5, 1, 4, 2, 3, 9, 7, 8, 6, 10];
    expect(statistic(values, 'p50')).toBe(5);
    expect(statistic(values, 'p95')).toBe(10);
    expect(statistic(values, 'most')).toBe(10);
    expect(statistic([3], 'p50')).toBe(3);
  });
});
