import { TimelineResponse } from '@everline/contracts';
import { describe, expect, test } from '@jest/globals';
import { entriesIn, isCaughtUp, isPosted } from '../src/wire/frames.js';

const post = { postId: 'p', author: 'a', text: 'x'.repeat(300), postedAt: undefined, seq: 7n };
const entry = { post, cursor: 'c', prevSeq: 0n };
const frame = (response: NonNullable<TimelineResponse['response']>): Buffer =>
  Buffer.from(TimelineResponse.encode({ response }).finish());

describe('frames that are counted and not decoded', () => {
  test.each([1, 2, 40])('a frame of %d entries has that many', (amount) => {
    const entries = Array.from({ length: amount }, () => entry);
    expect(entriesIn(frame({ $case: 'entries', value: { entries } }))).toBe(amount);
  });

  test('what is no entry is none, and is told by its kind', () => {
    const caughtUp = frame({ $case: 'caughtUp', value: { cursor: 'c' } });
    const posted = frame({
      $case: 'posted',
      value: { postId: 'p', result: { $case: 'post', value: post }, copies: 1 },
    });
    expect([entriesIn(caughtUp), entriesIn(posted)]).toEqual([0, 0]);
    expect([isCaughtUp(caughtUp), isPosted(posted), isCaughtUp(posted)]).toEqual([true, true, false]);
  });
});
