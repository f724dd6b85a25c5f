import { expect, test } from '@jest/globals';
import { Post } from '../src/gen/everline/sns/v1/sns.js';

test('a post is the same after the wire, with a seq no number can hold', () => {
  const post: Post = {
    postId: '0190b5a4-7e1c-7c3a-9d7e-5f0c1f3b2a11',
    author: 'ada',
    text: 'Grüße, 世界\n\t🙂',
    postedAt: { seconds: 1_700_000_000n, nanos: 999_999_999 },
    seq: 2n ** 64n - 1n,
  };
  expect(Post.decode(Post.encode(post).finish())).toEqual(post);
});
