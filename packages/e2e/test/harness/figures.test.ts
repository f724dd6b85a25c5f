import { describe, expect, test } from '@jest/globals';
import { longestPauseMs } from '../../src/clients/pause.js';
import { statistic } from '../../src/figures/figures.js';
import type { PostRecord } from '../../src/history/record.js';

function acknowledgedAt(endedMs: number): PostRecord {
  return { id: '', author: '', text: '', begunMs: 0, endedMs, outcome: 'acknowledged', tries: 1 };
}

describe('Figures', () => {
  test('have their median, their 95th percentile and their worst from what was seen, not from between', () => {
    const values = [5, 1, 4, 2, 3, 9, 7, 8, 6, 10];
    expect(statistic(values, 'p50')).toBe(5);
    expect(statistic(values, 'p95')).toBe(10);
    expect(statistic(values, 'most')).toBe(10);
    expect(statistic([3], 'p50')).toBe(3);
  });

  test('a pause counts when it ends behind the act that caused it', () => {
    const posts = [0, 500, 510, 530, 600, 610].map(acknowledgedAt);
    expect(longestPauseMs(posts, 505)).toBe(70);
    expect(longestPauseMs(posts, 520)).toBe(70);
    expect(longestPauseMs(posts, 605)).toBe(10);
  });
});
