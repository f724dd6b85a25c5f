import type { Clock } from './clock.js';

export interface StallMonitorOptions {
  /** How often the event loop is to show that it turns. Default 20. */
  readonly everyMs?: number;
  /** Lateness that is told. Default 100. */
  readonly stallMs?: number;
  /** Called after a stall, with its length. */
  readonly onStall?: (ms: number) => void;
}

export interface StallMonitor extends Disposable {
  /** The longest lateness since it was last asked, in milliseconds. */
  takeWorstMs(): number;
}

/** Measures how late the event loop is: garbage collection, a long computation, SIGSTOP. What nobody could hear in that time is not the peers' silence. */
export function watchStalls(clock: Clock, options: StallMonitorOptions = {}): StallMonitor {
  const { everyMs = 20, stallMs = 100, onStall } = options;
  let lastMs = clock.nowMs();
  let worstMs = 0;
  const look = (): void => {
    const nowMs = clock.nowMs();
    const lateMs = Math.max(0, nowMs - lastMs - everyMs);
    lastMs = nowMs;
    worstMs = Math.max(worstMs, lateMs);
    if (lateMs >= stallMs) onStall?.(lateMs);
  };
  const cancel = clock.every(everyMs, look);
  return {
    takeWorstMs: () => {
      // The stall that goes on right now counts, too.
      look();
      const worst = worstMs;
      worstMs = 0;
      return worst;
    },
    [Symbol.dispose]: cancel,
  };
}
