import type { Clock } from '../../src/index.js';

export interface ManualClock extends Clock {
  /** Lets time pass; what is due fires in order. */
  advance(ms: number): void;
}

/** Time stands still until it is moved. */
export function manualClock(): ManualClock {
  let nowMs = 0;
  const timers = new Set<{ atMs: number; everyMs: number | undefined; fn: () => void }>();
  const start = (ms: number, everyMs: number | undefined, fn: () => void) => {
    const timer = { atMs: nowMs + ms, everyMs, fn };
    timers.add(timer);
    return () => void timers.delete(timer);
  };
  const clock: ManualClock = {
    nowMs: () => nowMs,
    wallMs: () => 1_700_000_000_000 + nowMs,
    after: (ms, fn) => start(ms, undefined, fn),
    every: (ms, fn) => start(ms, ms, fn),
    sleep: (ms, signal) =>
      new Promise((resolve, reject) => {
        start(ms, undefined, resolve);
        signal?.addEventListener('abort', () => reject(signal.reason));
      }),
    soon: (fn) => void start(0, undefined, fn),
    advance: (ms) => {
      const untilMs = nowMs + ms;
      for (;;) {
        const [due] = [...timers].filter(({ atMs }) => atMs <= untilMs).sort((a, b) => a.atMs - b.atMs);
        if (due === undefined) break;
        nowMs = Math.max(nowMs, due.atMs);
        if (due.everyMs === undefined) timers.delete(due);
        else due.atMs += due.everyMs;
        due.fn();
      }
      nowMs = untilMs;
    },
  };
  return clock;
}
