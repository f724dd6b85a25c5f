import type { UnaryHandler } from '@everline/chassis';
import type { csce438 } from '@everline/contracts';
import type { Services } from '../sns/services.js';
import { changeFollow, type Replies } from './replies.js';

const replies: Replies = {
  done: 'Follow Successful',
  unknown: 'Follow Failed -- Invalid Username',
  ALREADY_FOLLOWED: 'Follow Failed -- Already Following User',
  FOLLOW_ONESELF: 'Follow Failed -- Already Following User',
};

export function follow(services: Services): UnaryHandler<csce438.Request, csce438.Reply> {
  return (request, context) => changeFollow(services, 'follow', request, context, replies);
}
