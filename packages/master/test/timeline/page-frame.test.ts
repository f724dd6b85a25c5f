import { Post, ReadTimelineResponse } from '@everline/contracts';
import { expect, test } from '@jest/globals';
import { cursorsOf } from '../../src/timeline/cursor.js';
import type { PageEntry } from '../../src/timeline/page.js';
import { pageFrame } from '../../src/timeline/page-frame.js';

const cursorOf = cursorsOf({ clusterId: 'here', history: 1 }, 2);

function entryOf(seq: number, prevSeq: number, length: number): PageEntry {
  const post = {
    postId: `${seq}`,
    author: 'ada',
    text: 'é'.repeat(length),
    postedAt: undefined,
    seq: BigInt(seq),
  };
  return { seq, prevSeq, bytes: Post.encode(post).finish() };
}

test('a page is what the generated codec reads, whatever the sizes of its posts and places', () => {
  const entries = [entryOf(2 ** 40, 2 ** 35, 9_000), entryOf(2 ** 35, 300, 70), entryOf(300, 0, 0)];
  for (const more of [true, false]) {
    const page = ReadTimelineResponse.decode(pageFrame({ entries, more }, cursorOf));
    expect(page.nextBefore).toBe(more ? cursorOf(300) : '');
    expect(page.entries).toEqual(
      entries.map(({ seq, prevSeq, bytes }) => ({
        post: Post.decode(bytes),
        cursor: cursorOf(seq),
        prevSeq: BigInt(prevSeq),
      })),
    );
  }
});

test('a page of nothing is no bytes', () => {
  expect(pageFrame({ entries: [], more: false }, cursorOf)).toHaveLength(0);
});
