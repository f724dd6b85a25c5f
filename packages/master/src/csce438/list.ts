import type { UnaryHandler } from '@everline/chassis';
import type { csce438 } from '@everline/contracts';
import { nameIn } from '../sns/fields.js';
import { reignOf, type Services } from '../sns/services.js';

/** The original knows no pages: this is as much as one of its answers holds. */
const most = 50_000;
/** Read at once; between two the loop is free. Users are only ever added at the end, so the pieces make one list. */
const piece = 1_000;

export function list(services: Services): UnaryHandler<csce438.Request, csce438.ListReply> {
  const { view, clock } = services;
  return async (request, context) => {
    const username = nameIn('username', request.username);
    const reign = await reignOf(services, context);
    const allUsers: string[] = [];
    for (let after = 0; allUsers.length < most; ) {
      const users = await reign.read(() => view.users(after, piece));
      for (const user of users) allUsers.push(user.username);
      after = users.at(-1)?.number ?? after;
      if (users.length < piece) break;
      await new Promise<void>((resolve) => clock.soon(resolve));
    }
    const followers = await reign.read(() => view.followers(username, 0, most));
    return { allUsers, followers: followers.map((follower) => follower.username) };
  };
}
