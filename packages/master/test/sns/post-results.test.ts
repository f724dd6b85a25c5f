import type { Refusal } from '@everline/chassis';
import { Post, TimelineResponse } from '@everline/contracts';
import { expect, test } from '@jest/globals';
import { refusal } from '../../src/errors.js';
import { encodePosted, encodeResults } from '../../src/sns/post-results.js';
import type { Answer } from '../../src/sns/role.js';

const longText = 'x'.repeat(4_096);
const post = (text: string): Answer => ({
  outcome: {
    kind: 'post',
    post: Post.encode({ postId: 'p', author: 'ada', text, postedAt: undefined, seq: 7n }).finish(),
  },
  copies: 2,
});
const declined: Answer = {
  outcome: { kind: 'refused', reason: 'ID_REUSED', text: 'it is another one' },
  copies: 2,
};
const settled: readonly (readonly [string, Answer | Refusal])[] = [
  ['a short post', post('hello')],
  ['a long post', post(longText)],
  ['a post on 200 disks', { ...post('hello'), copies: 200 }],
  ['what was decided against', declined],
  ['what was refused', refusal('FIELD_INVALID', 'text: must be 1 to 4096 bytes')],
];

test.each(settled)('the generated codec reads %s', (_what, answer) => {
  const frame = TimelineResponse.decode(encodePosted({ postId: 'the id', settled: answer }));
  expect(frame.response).toMatchObject({ $case: 'posted', value: { postId: 'the id' } });
  expect(Buffer.from(TimelineResponse.encode(frame).finish())).toEqual(
    Buffer.from(encodePosted({ postId: 'the id', settled: answer })),
  );
});

test('many in one message, each with its own answer, in their order', () => {
  const results = settled.map(([, answer], nth) => ({ postId: `id ${nth}`, settled: answer }));
  const { response } = TimelineResponse.decode(encodeResults(results));
  expect(response).toMatchObject({
    $case: 'results',
    value: {
      results: [
        {
          postId: 'id 0',
          copies: 2,
          result: { $case: 'post', value: { text: 'hello', author: 'ada', seq: 7n } },
        },
        { postId: 'id 1', copies: 2, result: { $case: 'post', value: { text: longText } } },
        { postId: 'id 2', copies: 200 },
        { postId: 'id 3', copies: 0, result: { $case: 'refusal', value: { reason: 'ID_REUSED' } } },
        { postId: 'id 4', copies: 0, result: { $case: 'refusal', value: { reason: 'FIELD_INVALID' } } },
      ],
    },
  });
});
