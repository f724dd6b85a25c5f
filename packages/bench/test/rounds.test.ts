import { systemClock } from '@everline/chassis/clock';
import { systemRandom } from '@everline/chassis/random';
import { expect, test } from '@jest/globals';
import { alternate } from '../src/rounds.js';
import type { Bench } from '../src/subject.js';

const bench: Bench = {
  clock: systemClock,
  random: systemRandom,
  stop: new AbortController().signal,
  quick: true,
  scratch: '',
  stores: '',
  say: () => {},
};

test('the sides take turns, and the first round of each does not count', async () => {
  const order: string[] = [];
  const side = (name: string) => async () => {
    order.push(name);
    return { at: order.length };
  };
  const values = await alternate(bench, 2, { a: side('a'), b: side('b') });
  expect(order.join('')).toBe('baabba');
  expect([values.of('a.at'), values.of('b.at')]).toEqual([
    [3, 6],
    [4, 5],
  ]);
});
