import type { UnaryHandler } from '@everline/chassis';
import type { csce438 } from '@everline/contracts';
import type { Services } from '../sns/services.js';
import { changeFollow, type Replies } from './replies.js';

const replies: Replies = {
  done: 'UnFollow Successful',
  unknown: 'UnFollow Failed -- Invalid Username',
  NOT_FOLLOWED: 'UnFollow Failed -- Not Following User',
};

export function unfollow(services: Services): UnaryHandler<csce438.Request, csce438.Reply> {
  return (request, context) => changeFollow(services, 'unfollow', request, context, replies);
}
