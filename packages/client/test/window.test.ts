import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { PostOutcome } from '../src/posting/outcome.js';
import { Window } from '../src/posting/window.js';

function posted(postId: string): PostOutcome {
  return { kind: 'posted', post: { postId, author: 'u', text: postId, postedAtMs: 0, seq: 1 }, copies: 1 };
}

describe('the window of posts on their way', () => {
  test('outcomes are handed out in the order of the posts, in whatever order they come', async () => {
    const orders = fc
      .nat(20)
      .chain((count) => fc.shuffledSubarray([...Array(count).keys()], { minLength: count }));
    await fc.assert(
      fc.asyncProperty(orders, async (order) => {
        const window = new Window(100);
        const pending = order.map((_, index) => window.add(`p${index}`, 't'));
        for (const index of order) window.settle(pending[index] as never, posted(`p${index}`));
        window.close();
        for (let index = 0; index < order.length; index++) {
          expect(await window.next()).toEqual(posted(`p${index}`));
        }
        expect(await window.next()).toBeUndefined();
      }),
    );
  });

  test('there is room only after an outcome was taken', async () => {
    const window = new Window(1);
    await window.room();
    const pending = window.add('p1', 't');
    let room = false;
    const waiting = window.room().then(() => {
      room = true;
    });
    window.settle(pending, posted('p1'));
    await Promise.resolve();
    expect(room).toBe(false);
    await window.next();
    await waiting;
    expect(room).toBe(true);
  });

  test('an error comes after the outcomes before it, once', async () => {
    const window = new Window(4);
    const first = window.add('p1', 't');
    window.add('p2', 't');
    window.settle(first, posted('p1'));
    window.fail(new Error('unknown'));
    expect(await window.next()).toEqual(posted('p1'));
    await expect(window.next()).rejects.toThrow('unknown');
    expect(await window.next()).toBeUndefined();
  });
});
