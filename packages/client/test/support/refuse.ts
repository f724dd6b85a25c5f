import { Refusal, statusOf } from '@everline/chassis';
import { REASONS, type Reason } from '@everline/contracts';
import type { StatusObject } from '@grpc/grpc-js';

export interface RefuseOptions {
  readonly metadata?: Readonly<Record<string, string>>;
  readonly retryAfterMs?: number;
}

/** The status a master or router refuses with. */
export function refusal(reason: Reason, options: RefuseOptions = {}): StatusObject {
  return statusOf(new Refusal(REASONS[reason].code, reason, REASONS[reason].text, options));
}
