import { status } from '@grpc/grpc-js';
import type { Clock } from '../../clock.js';
import { isUnexpected, statusOf } from '../../errors.js';
import type { Log } from '../../log.js';
import type { Counter } from '../../metrics.js';
import type { Calls } from './calls.js';

/** What every handler wrapper needs. */
export interface Serving {
  readonly calls: Calls;
  readonly clock: Clock;
  readonly log: Log;
  readonly ended: Counter;
}

/** The status of what a handler threw. What the caller is not told, the log is. */
export function failureStatus(
  error: unknown,
  method: string,
  { log, ended }: Serving,
): ReturnType<typeof statusOf> {
  if (isUnexpected(error)) log.error({ error, method }, 'a handler failed unexpectedly');
  const failure = statusOf(error);
  ended.add(1, { method, code: status[failure.code] });
  return failure;
}

/** Runs a call into the transport from where a throw would end the process (grpc-node#290): a promise, a listener. */
export function sendGuarded(send: () => void, method: string, { log }: Serving): void {
  try {
    send();
  } catch (error) {
    log.error({ error, method }, 'the end of a call could not be sent');
  }
}
