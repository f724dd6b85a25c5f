import { expect, test } from '@jest/globals';
import { Tally } from '../src/demo/tally.js';

function tallyOf(...texts: string[]): Tally {
  const tally = new Tally();
  for (const [index, text] of texts.entries()) tally.acknowledged(text, text, index * 10);
  return tally;
}

test('an acknowledged post that was not read is lost', () => {
  expect(tallyOf('a', 'b', 'c').compare(['a', 'c'])).toEqual({ lost: 1, doubled: 0 });
});

test('a post that was read twice is doubled, acknowledged or not', () => {
  expect(tallyOf('a').compare(['a', 'a', 'x', 'x', 'x'])).toEqual({ lost: 0, doubled: 3 });
});

test('a post whose outcome was never told may be there, and is neither', () => {
  expect(tallyOf('a').compare(['a', 'unknown'])).toEqual({ lost: 0, doubled: 0 });
});

test('a reader is asked only for what it should have read', () => {
  expect(tallyOf('a', 'b').compare(['a'], 'b')).toEqual({ lost: 0, doubled: 0 });
});

test('the pause is the longest time without an acknowledgement, also when it began before the kill', () => {
  const tally = new Tally();
  for (const [index, atMs] of [0, 5, 10, 15, 20, 60, 65].entries())
    tally.acknowledged(String(index), 'alice', atMs);
  expect(tally.pause(22)).toEqual({ longestMs: 40, usualMs: 5 });
});

test('an acknowledgement comes once', () => {
  const tally = tallyOf('a');
  expect(() => tally.acknowledged('a', 'alice', 1)).toThrow(/twice/);
});
