import type { Clock, Log, Random } from '@everline/chassis';
import type { Decider } from '../deciding/decider.js';
import type { Lines } from '../telling/lines.js';
import type { Watchers } from '../telling/watchers.js';

/** What the RPCs work with. */
export interface Office {
  readonly decider: Decider;
  readonly lines: Lines;
  readonly watchers: Watchers;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Log;
}
