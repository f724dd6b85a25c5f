import type { UnaryHandler } from '@everline/chassis';
import type { ListRequest, ListResponse } from '@everline/contracts';
import { invalid, nameIn, sizeIn } from './fields.js';
import { reignOf, type Services, unknownUser } from './services.js';

const standardPage = 1_000;
const largestPage = 10_000;

/** All users page by page; followers and following whole up to the page size, on the first page only. */
export function list(services: Services): UnaryHandler<ListRequest, ListResponse> {
  const { view } = services;
  return async (request, context) => {
    const username = nameIn('username', request.username);
    const size = sizeIn('page_size', request.pageSize, standardPage, largestPage);
    const afterNumber = afterIn(request.pageToken);
    const reign = await reignOf(services, context);
    return reign.read(() => {
      if (!view.hasUser(username)) throw unknownUser(username);
      const users = view.users(afterNumber, size + 1);
      const first = afterNumber === 0;
      const followers = first ? view.followers(username, 0, size) : [];
      const following = first ? view.following(username).slice(0, size) : [];
      return {
        allUsers: users.slice(0, size).map((user) => user.username),
        followers: followers.map((follower) => follower.username),
        following: following.map((followee) => followee.username),
        nextPageToken: users.length > size ? String(users[size - 1]?.number ?? 0) : '',
      };
    });
  };
}

/** A page token is the number of the last user on the page before. */
function afterIn(token: string): number {
  if (token === '') return 0;
  const after = /^\d{1,15}$/.test(token) ? Number(token) : 0;
  if (after < 1) throw invalid('page_token', 'the next_page_token of an answer');
  return after;
}
