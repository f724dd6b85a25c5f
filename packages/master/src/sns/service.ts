import type { Handlers } from '@everline/chassis';
import type { SnsServiceService } from '@everline/contracts';
import { follow } from './follow.js';
import { list } from './list.js';
import { login } from './login.js';
import { logout } from './logout.js';
import { post } from './post.js';
import { readTimeline } from './read-timeline.js';
import type { Services } from './services.js';
import { timeline } from './timeline.js';
import { unfollow } from './unfollow.js';

/** everline.sns.v1.SnsService: translation only. */
export function snsHandlers(services: Services): Handlers<typeof SnsServiceService> {
  return {
    login: login(services),
    logout: logout(services),
    list: list(services),
    follow: follow(services),
    unfollow: unfollow(services),
    post: post(services),
    readTimeline: readTimeline(services),
    timeline: timeline(services),
  };
}
