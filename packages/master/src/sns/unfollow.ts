import type { UnaryHandler } from '@everline/chassis';
import type { UnfollowRequest, UnfollowResponse } from '@everline/contracts';
import { idOrNew, isName, nameIn } from './fields.js';
import { granted, reignOf, type Services, unknownUser } from './services.js';

export function unfollow(services: Services): UnaryHandler<UnfollowRequest, UnfollowResponse> {
  const { random, clock } = services;
  return async (request, context) => {
    const username = nameIn('username', request.username);
    if (!isName(request.followee)) throw unknownUser(request.followee);
    const id = idOrNew('request_id', request.requestId, random, clock.wallMs());
    const reign = await reignOf(services, context);
    const draft = { kind: 'unfollow', id, username, followee: request.followee.toLowerCase() } as const;
    granted((await reign.propose(draft, context.signal)).outcome);
    return {};
  };
}
