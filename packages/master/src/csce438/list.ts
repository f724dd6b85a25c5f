import type { UnaryHandler } from '@everline/chassis';
import type { csce438 } from '@everline/contracts';
import { nameIn } from '../sns/fields.js';
import { reignOf, type Services } from '../sns/services.js';

/** The original knows no pages: this is as much as one of its answers holds. */
const most = 100_000;

export function list(services: Services): UnaryHandler<csce438.Request, csce438.ListReply> {
  const { view } = services;
  return async (request, context) => {
    const username = nameIn('username', request.username);
    const reign = await reignOf(services, context);
    return reign.read(
      () => ({
        allUsers: view.users(0, most).map((user) => user.username),
        followers: view.followers(username, 0, most).map((follower) => follower.username),
      }),
      context.signal,
    );
  };
}
