import type { Subject } from '../subject.js';
import { failover } from './failover.js';

/** In the order in which they run. */
export const subjects: readonly Subject[] = [...failover];
