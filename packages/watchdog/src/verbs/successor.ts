import type { Clock } from '@everline/chassis/clock';
import { type Identity, lives } from '@everline/chassis/control';
import type { Home } from '../settings.js';
import { readState } from '../state-file.js';

/** The guardian that takes the place of a keeper which has just died: some milliseconds after its lock is free. */
export function successorIn(home: Home, clock: Clock): Identity | undefined {
  const { guardian } = readState(home.state, clock.nowMs());
  return guardian !== undefined && lives(guardian) ? guardian : undefined;
}
