import type { PostResponse } from '@everline/contracts';
import { callSns } from '../calls/sns-call.js';
import type { Posted, PostOptions } from '../client.js';
import type { Context } from '../context.js';
import { Unknown } from '../errors.js';
import { postOf } from '../wire/post-of.js';

export async function postUnary(
  context: Context,
  username: string,
  text: string,
  options: PostOptions = {},
  mayBeDone = false,
): Promise<Posted> {
  // C1: before the first try.
  const postId = options.postId ?? context.random.uuidv7(context.clock.wallMs());
  const request = { username, postId, text };
  const { post, copies } = await callSns<PostResponse>(
    context,
    { id: postId, mayBeDone, send: (sns, ...rest) => sns.post(request, ...rest) },
    options,
  );
  if (post === undefined)
    throw new Unknown({ id: postId, waitedFor: 'an answer with the post in it', waitedMs: 0 });
  return { post: postOf(post), copies };
}
