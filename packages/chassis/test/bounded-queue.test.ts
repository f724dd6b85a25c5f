import { expect, test } from '@jest/globals';
import { createBoundedQueue } from '../src/index.js';

test('gives what it was given, in order, and says no at the bound', async () => {
  const queue = createBoundedQueue<number>(2);
  expect([queue.push(1), queue.push(2), queue.push(3), queue.size]).toEqual([true, true, false, 2]);
  expect([await queue.take(), queue.poll(), queue.poll()]).toEqual([1, 2, undefined]);
  expect(queue.push(4)).toBe(true);
  expect(() => createBoundedQueue(0)).toThrow(RangeError);
});

test('those who wait are served in order, and what they get takes no room', async () => {
  const queue = createBoundedQueue<number>(1);
  const takes = Promise.all([queue.take(), queue.take()]);
  expect([queue.push(1), queue.push(2), queue.push(3), queue.push(4)]).toEqual([true, true, true, false]);
  expect(await takes).toEqual([1, 2]);
  expect(await queue.take()).toBe(3);
});

test('a taker that gives up costs no item', async () => {
  const queue = createBoundedQueue<number>(1);
  const abort = new AbortController();
  const given = queue.take(abort.signal);
  const next = queue.take();
  abort.abort('enough');
  await expect(given).rejects.toBe('enough');
  queue.push(1);
  expect(await next).toBe(1);
  await expect(queue.take(AbortSignal.abort('at once'))).rejects.toBe('at once');
});

test('closed, it gives what it has and then ends', async () => {
  const queue = createBoundedQueue<number>(3);
  queue.push(1);
  queue.push(2);
  queue.close();
  expect(queue.push(3)).toBe(false);
  const seen: number[] = [];
  for await (const item of queue) seen.push(item);
  expect(seen).toEqual([1, 2]);
  expect([await queue.take(), queue.closed]).toEqual([undefined, true]);
});

test('closed with an error, takers get it after the last item; the first error counts', async () => {
  const waiting = createBoundedQueue<number>(3);
  const taken = waiting.take();
  waiting.close(new Error('first'));
  waiting.close(new Error('second'));
  await expect(taken).rejects.toThrow('first');
  await expect(waiting.take()).rejects.toThrow('first');
  const empty = createBoundedQueue<number>(3);
  const [one, two] = [empty.take(), empty.take()];
  empty.close();
  expect([await one, await two]).toEqual([undefined, undefined]);
});
