import type { Clock } from '@everline/chassis/clock';
import { quantile } from '../statistics.js';

export interface PaceOptions {
  readonly clock: Clock;
  readonly perSecond: number;
  /** At most. */
  readonly forMs: number;
  /** Until this is so. */
  readonly until?: () => boolean;
  /** More are not begun, lest a slow answer become a flood. */
  readonly mostOpen?: number;
}

export interface Paced {
  readonly rate: number;
  readonly p50: number;
  readonly p99: number;
}

const tickMs = 1;
const open = 2_048;

/** Calls at a steady rate, whether or not the ones before have ended: as many people who know nothing of each other do. */
export async function paced(options: PaceOptions, call: () => Promise<unknown>): Promise<Paced> {
  const { clock, perSecond, forMs, until = () => false, mostOpen = open } = options;
  const tookMs: number[] = [];
  const calls = new Set<Promise<void>>();
  const fromMs = clock.nowMs();
  const one = async (): Promise<void> => {
    const begunMs = clock.nowMs();
    await call();
    tookMs.push(clock.nowMs() - begunMs);
  };
  for (let begun = 0; clock.nowMs() - fromMs < forMs && !until(); ) {
    const due = Math.floor(((clock.nowMs() - fromMs) / 1_000) * perSecond);
    for (; begun < due && calls.size < mostOpen; begun++) {
      const running: Promise<void> = one().finally(() => calls.delete(running));
      calls.add(running);
    }
    await clock.sleep(tickMs);
  }
  const ranMs = clock.nowMs() - fromMs;
  await Promise.all(calls);
  return { rate: (tookMs.length / ranMs) * 1_000, p50: quantile(tookMs, 0.5), p99: quantile(tookMs, 0.99) };
}
