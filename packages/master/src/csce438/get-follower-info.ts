import type { UnaryHandler } from '@everline/chassis';
import type { csce438 } from '@everline/contracts';
import { reignOf, type Services } from '../sns/services.js';

/** As much as one answer holds; masters among themselves use everline.replication.v1. */
const mostUsers = 10_000;
const mostFollowers = 10_000;

/** The seed's: the followers and following of every user in one string. */
export function getFollowerInfo(services: Services): UnaryHandler<csce438.Request, csce438.MapReply> {
  const { view } = services;
  return async (_request, context) => {
    const reign = await reignOf(services, context);
    return reign.read(() => {
      const users: Record<string, string> = {};
      for (const { username } of view.users(0, mostUsers)) {
        const followers = view.followers(username, 0, mostFollowers).map((follower) => follower.username);
        const following = view.following(username).map((followee) => followee.username);
        users[username] = `followers: ${followers.join(' ')}; following: ${following.join(' ')}`;
      }
      return { users };
    }, context.signal);
  };
}
