import { Refusal } from '@everline/chassis';
import { REASONS, type Reason } from '@everline/contracts';
import type { Refused } from '@everline/protocol/configuration';

/** A master that is asked to come again need not be slow about it. */
const comeAgainMs = 200;

/** What the rules refuse, as the wire says it. */
export function refusalFrom({ reason, text, metadata }: Refused): Refusal {
  return refusal(reason, text, metadata);
}

export function refusal(
  reason: Reason,
  text: string,
  metadata: Readonly<Record<string, string>> = {},
): Refusal {
  const { code, retryable } = REASONS[reason];
  return new Refusal(code, reason, text, { metadata, ...(retryable ? { retryAfterMs: comeAgainMs } : {}) });
}
