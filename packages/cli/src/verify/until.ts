import type { Clock } from '@everline/chassis/clock';

const lookAgainMs = 10;

/** Resolves with true when the condition holds, with false when it does not within `patienceMs`; rejects when the signal aborts. */
export async function until(
  condition: () => boolean,
  patienceMs: number,
  clock: Clock,
  signal?: AbortSignal,
): Promise<boolean> {
  const endMs = clock.nowMs() + patienceMs;
  while (!condition()) {
    if (clock.nowMs() >= endMs) return false;
    await clock.sleep(lookAgainMs, signal);
  }
  return true;
}
