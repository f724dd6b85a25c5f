import type { Handlers } from '@everline/chassis';
import type { csce438 } from '@everline/contracts';
import type { Services } from '../sns/services.js';
import { follow } from './follow.js';
import { getFollowerInfo } from './get-follower-info.js';
import { list } from './list.js';
import { login } from './login.js';
import { timeline } from './timeline.js';
import { unfollow } from './unfollow.js';

/** csce438.SNSService, the interface of the original: its words, our state. */
export function originalHandlers(services: Services): Handlers<typeof csce438.SNSServiceService> {
  return {
    login: login(services),
    list: list(services),
    follow: follow(services),
    unFollow: unfollow(services),
    timeline: timeline(services),
    getFollowerInfo: getFollowerInfo(services),
  };
}
