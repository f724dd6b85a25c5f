import type { Clock } from '@everline/chassis/clock';
import { quantile } from '../statistics.js';

export interface LoopOptions {
  readonly clock: Clock;
  readonly inFlight: number;
  readonly warmMs: number;
  readonly forMs: number;
}

export interface Ran {
  /** Calls that ended within the time, a second. */
  readonly rate: number;
  readonly p50: number;
  readonly p99: number;
}

/** So many callers, each with its next call as soon as the last has ended. A call that fails ends it. */
export async function closedLoop(options: LoopOptions, call: () => Promise<unknown>): Promise<Ran> {
  const { clock, inFlight, warmMs, forMs } = options;
  const fromMs = clock.nowMs() + warmMs;
  const untilMs = fromMs + forMs;
  const tookMs: number[] = [];
  const caller = async (): Promise<void> => {
    for (let begunMs = clock.nowMs(); begunMs < untilMs; ) {
      await call();
      const endedMs = clock.nowMs();
      if (endedMs >= fromMs && endedMs < untilMs) tookMs.push(endedMs - begunMs);
      begunMs = endedMs;
    }
  };
  await Promise.all(Array.from({ length: inFlight }, caller));
  return { rate: (tookMs.length / forMs) * 1_000, p50: quantile(tookMs, 0.5), p99: quantile(tookMs, 0.99) };
}
