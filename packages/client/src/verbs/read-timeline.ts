import type { ReadTimelineResponse } from '@everline/contracts';
import { callSns } from '../calls/sns-call.js';
import type { TimelinePage } from '../client.js';
import type { Context } from '../context.js';
import type { ReadTimelineOptions } from '../timeline/event.js';
import { postOf } from '../wire/post-of.js';

export async function readTimeline(
  context: Context,
  username: string,
  options: ReadTimelineOptions = {},
): Promise<TimelinePage> {
  const { limit: pageSize = 0, before = '', includeOwn = false } = options;
  const request = { username, pageSize, before, includeOwn };
  const { entries, nextBefore } = await callSns<ReadTimelineResponse>(
    context,
    { id: undefined, send: (sns, ...rest) => sns.readTimeline(request, ...rest) },
    options,
  );
  return {
    entries: entries.flatMap(({ post, cursor }) =>
      post === undefined ? [] : { post: postOf(post), cursor },
    ),
    nextBefore: nextBefore === '' ? undefined : nextBefore,
  };
}
