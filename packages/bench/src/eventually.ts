import type { Clock } from '@everline/chassis/clock';

const lookAgainMs = 10;

export interface Wait {
  readonly clock: Clock;
  readonly stop: AbortSignal;
  readonly deadlineMs: number;
  readonly what: string;
}

/** Looks until there is something else than undefined; what throws is not there yet. */
export async function eventually<T>(
  look: () => Promise<T | undefined> | T | undefined,
  wait: Wait,
): Promise<T> {
  const { clock, stop, deadlineMs, what } = wait;
  const untilMs = clock.nowMs() + deadlineMs;
  for (;;) {
    let cause: unknown;
    try {
      const found = await look();
      if (found !== undefined) return found;
    } catch (error) {
      cause = error;
    }
    if (clock.nowMs() > untilMs) throw new Error(`within ${deadlineMs} ms it was not so: ${what}`, { cause });
    await clock.sleep(lookAgainMs, stop);
  }
}
