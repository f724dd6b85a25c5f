import type { Random } from './random.js';

export interface BackoffOptions {
  /** The longest wait before the second try; doubles with each further one. Default 10. */
  readonly baseMs?: number;
  /** No wait is longer. Default 500. */
  readonly maxMs?: number;
}

/**
 * C5: how long to wait before a try. The first (`attempt` 0) is made at once; then full jitter, even over [0, min(maxMs, baseMs × 2^(attempt − 1))),
 * so that those who failed together do not come back together.
 */
export function backoffMs(attempt: number, random: Random, options: BackoffOptions = {}): number {
  if (attempt <= 0) return 0;
  const { baseMs = 10, maxMs = 500 } = options;
  return random.next() * Math.min(maxMs, baseMs * 2 ** Math.min(attempt - 1, 52));
}

export interface Backoff {
  /** How long to wait before the next try; counts it. */
  nextMs(): number;
  /** After a success: the next try is a first one again. */
  reset(): void;
  /** Tries counted since the last reset. */
  readonly attempts: number;
}

/** `backoffMs` with its count. */
export function createBackoff(random: Random, options: BackoffOptions = {}): Backoff {
  let attempts = 0;
  return {
    nextMs: () => backoffMs(attempts++, random, options),
    reset: () => {
      attempts = 0;
    },
    get attempts() {
      return attempts;
    },
  };
}
