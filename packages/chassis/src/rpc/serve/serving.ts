import type { StatusObject, status } from '@grpc/grpc-js';
import type { Clock } from '../../clock.js';
import { isUnexpected, statusOf } from '../../errors.js';
import type { Log } from '../../log.js';
import type { Calls } from './calls.js';

/** What every handler wrapper needs. */
export interface Serving {
  readonly calls: Calls;
  readonly clock: Clock;
  readonly log: Log;
  /** Counts an answered call, when somebody wants to know. */
  readonly count: ((method: string, code: status) => void) | undefined;
}

/** The status of what a handler threw. What the caller is not told, the log is. */
export function failureStatus(error: unknown, method: string, { log, count }: Serving): StatusObject {
  if (isUnexpected(error)) log.error({ error, method }, 'a handler failed unexpectedly');
  const failure = statusOf(error);
  count?.(method, failure.code);
  return failure;
}

/** Calls into the transport from where a throw would end the process (grpc-node#290): a promise, a listener. */
export function sendGuarded(send: () => void, method: string, serving: Serving): void {
  try {
    send();
  } catch (error) {
    logUnsent(error, method, serving);
  }
}

export function logUnsent(error: unknown, method: string, { log }: Serving): void {
  log.error({ error, method }, 'the end of a call could not be sent');
}
