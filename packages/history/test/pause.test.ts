import { describe, expect, test } from '@jest/globals';
import { longestPauseMs, type PostRecord } from '../src/index.js';

function acknowledgedAt(endedMs: number): PostRecord {
  return { id: '', author: '', text: '', begunMs: 0, endedMs, outcome: 'acknowledged', tries: 1 };
}

describe('The longest pause', () => {
  test('counts when it ends behind the act that caused it', () => {
    const posts = [0, 500, 510, 530, 600, 610].map(acknowledgedAt);
    expect(longestPauseMs(posts, 505)).toBe(70);
    expect(longestPauseMs(posts, 520)).toBe(70);
    expect(longestPauseMs(posts, 605)).toBe(10);
  });
});
