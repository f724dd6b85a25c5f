import type { PostResult } from '@everline/contracts';
import type { Context } from '../context.js';
import { LiveLink } from '../live/live-link.js';

export interface PostsLinkUser {
  /** A stream is open: what has no outcome yet is to be sent on it. */
  readonly onOpen: () => void;
  readonly onResult: (result: PostResult) => void;
  /** No stream is to be had at present, because the master serves as many as it can. */
  readonly onNoStream: () => void;
  /** There will be none. */
  readonly onFailed: (error: unknown) => void;
}

/** A `Timeline` stream to post on: nothing of the past is asked for, and what others post is left unread. */
export function linkForPosts(context: Context, username: string, user: PostsLinkUser): LiveLink {
  // Whoever posts has a patience of its own: for an outcome, not for a stream.
  const forEver = Number.POSITIVE_INFINITY;
  return new LiveLink(
    context,
    {
      opening: () => ({ username, after: '', recent: -1, includeOwn: false, sessionId: '' }),
      onOpen: user.onOpen,
      onMessage: ({ response }) => {
        if (response?.$case === 'posted') user.onResult(response.value);
      },
      onLost: (_place, why) => {
        if (why === 'TOO_MANY_STREAMS') user.onNoStream();
      },
      onFailed: user.onFailed,
    },
    { first: forEver, again: forEver },
  );
}
