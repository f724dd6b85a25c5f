import type { FollowResponse } from '@everline/contracts';
import { callSns } from '../calls/sns-call.js';
import type { CommandOptions } from '../client.js';
import type { Context } from '../context.js';

export async function follow(
  context: Context,
  username: string,
  followee: string,
  options: CommandOptions = {},
): Promise<void> {
  // C1: before the first try; a UUIDv7, so that a late duplicate is known to be one (M15).
  const requestId = options.requestId ?? context.random.uuidv7(context.clock.wallMs());
  const request = { username, followee, requestId };
  await callSns<FollowResponse>(
    context,
    { id: requestId, send: (sns, ...rest) => sns.follow(request, ...rest) },
    options,
  );
}
