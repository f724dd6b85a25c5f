import type { UnaryHandler } from '@everline/chassis';
import type { csce438 } from '@everline/contracts';
import { reignOf, type Services } from '../sns/services.js';

/** As much as one answer holds; masters among themselves use everline.replication.v1. */
const mostUsers = 10_000;
const mostNames = 50_000;
/** Read at once; between two the loop is free. */
const piece = 100;

/** The seed's: the followers and following of every user in one string. */
export function getFollowerInfo(services: Services): UnaryHandler<csce438.Request, csce438.MapReply> {
  const { view, clock } = services;
  return async (_request, context) => {
    const reign = await reignOf(services, context);
    const told: Record<string, string> = {};
    let names = mostNames;
    for (let after = 0; after < mostUsers && names > 0; ) {
      const read = await reign.read(() => {
        const users = view.users(after, piece);
        for (const { username } of users) {
          const followers = view
            .followers(username, 0, Math.max(names, 0))
            .map((follower) => follower.username);
          const following = view.following(username).map((followee) => followee.username);
          names -= followers.length + following.length;
          told[username] = `followers: ${followers.join(' ')}; following: ${following.join(' ')}`;
        }
        return users;
      });
      after = read.at(-1)?.number ?? after;
      if (read.length < piece) break;
      await new Promise<void>((resolve) => clock.soon(resolve));
    }
    return { users: told };
  };
}
