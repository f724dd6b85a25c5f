import type { Subject } from '../subject.js';
import { backlog } from './backlog.js';
import { bigStore } from './big-store.js';
import { failover } from './failover.js';
import { fanOut } from './fan-out.js';
import { growth } from './growth.js';
import { latency } from './latency.js';
import { page } from './page.js';
import { postsClient } from './posts-client.js';
import { postsUnary } from './posts-unary.js';
import { readers } from './readers.js';
import { stalls } from './stalls.js';

/** In the order in which they run. */
export const subjects: readonly Subject[] = [
  ...failover,
  postsUnary,
  postsClient,
  latency,
  fanOut,
  backlog,
  page,
  readers,
  stalls,
  growth,
  bigStore,
];
