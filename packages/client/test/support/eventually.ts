import { systemClock } from '@everline/chassis';

/** Waits for a condition under a deadline; looks again at every turn of the loop's timers. */
export async function eventually(condition: () => boolean, what: string, deadlineMs = 15_000): Promise<void> {
  const endMs = systemClock.nowMs() + deadlineMs;
  while (!condition()) {
    if (systemClock.nowMs() > endMs) throw new Error(`not within ${deadlineMs} ms: ${what}`);
    await systemClock.sleep(2);
  }
}
