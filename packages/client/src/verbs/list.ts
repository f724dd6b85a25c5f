import type { ListResponse } from '@everline/contracts';
import { callSns } from '../calls/sns-call.js';
import type { CallOptions, Listing } from '../client.js';
import type { Context } from '../context.js';

/** All pages, within one deadline. */
export async function list(context: Context, username: string, options: CallOptions = {}): Promise<Listing> {
  const { clock } = context;
  const endMs = clock.nowMs() + (options.timeoutMs ?? context.timeoutMs);
  const listing = { allUsers: [] as string[], followers: [] as string[], following: [] as string[] };
  let pageToken = '';
  do {
    const request = { username, pageSize: 0, pageToken };
    const timeoutMs = Math.max(1, endMs - clock.nowMs());
    const page = await callSns<ListResponse>(
      context,
      { id: undefined, send: (sns, ...rest) => sns.list(request, ...rest) },
      { ...options, timeoutMs },
    );
    for (const name of page.allUsers) listing.allUsers.push(name);
    for (const name of page.followers) listing.followers.push(name);
    for (const name of page.following) listing.following.push(name);
    pageToken = page.nextPageToken;
  } while (pageToken !== '');
  return listing;
}
