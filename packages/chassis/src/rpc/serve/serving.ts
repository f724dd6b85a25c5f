import type { Clock } from '../../clock.js';
import { isUnexpected, statusOf } from '../../errors.js';
import type { Log } from '../../log.js';
import type { Calls } from './calls.js';

/** What every handler wrapper needs. */
export interface Serving {
  readonly calls: Calls;
  readonly clock: Clock;
  readonly log: Log;
}

/** The status of what a handler threw. What the caller is not told, the log is. */
export function failureStatus(error: unknown, method: string, log: Log): ReturnType<typeof statusOf> {
  if (isUnexpected(error)) log.error({ error, method }, 'a handler failed unexpectedly');
  return statusOf(error);
}
