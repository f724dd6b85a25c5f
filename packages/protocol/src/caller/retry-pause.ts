/** Where chance comes from: even over [0, 1). */
export interface Chance {
  next(): number;
}

const firstMs = 10;
const longestMs = 500;

/**
 * C5: the first retry at once, then 10 ms doubling to 500 ms with full jitter, so that those who failed together do not come back
 * together; what the server asked for is kept.
 * @param retries how many there were since the call last had reason to hope: since its begin, or since it learned of another master.
 */
export function retryPauseMs(retries: number, chance: Chance, retryAfterMs = 0): number {
  if (retries <= 0) return retryAfterMs;
  const mostMs = Math.min(longestMs, firstMs * 2 ** Math.min(retries - 1, 52));
  return Math.max(chance.next() * mostMs, retryAfterMs);
}
