import { backoffMs } from '@everline/chassis/backoff';
import type { Random } from '@everline/chassis/random';

/**
 * C5: the first retry at once, then 10 ms doubling to 500 ms with full jitter; what the server asked for is kept.
 * @param retries how many there were since the call last had reason to hope: since its begin, or since it learned of another master.
 */
export function retryPauseMs(retries: number, random: Random, retryAfterMs?: number): number {
  return Math.max(backoffMs(retries, random), retryAfterMs ?? 0);
}
