import type { Cancel } from '@everline/chassis';

/** Thousands of streams wait for the end of one reign. A signal's own list of listeners is searched from end to end at every change: so each signal gets one. */
const waiting = new WeakMap<AbortSignal, Set<() => void>>();

/** Calls `fn` when the signal aborts; at once when it has. */
export function whenEnded(signal: AbortSignal, fn: () => void): Cancel {
  if (signal.aborted) {
    fn();
    return () => undefined;
  }
  const known = waiting.get(signal);
  const all = known ?? new Set();
  if (known === undefined) {
    waiting.set(signal, all);
    signal.addEventListener('abort', () => endAll(all), { once: true });
  }
  all.add(fn);
  return () => void all.delete(fn);
}

function endAll(all: Set<() => void>): void {
  const calls = [...all];
  all.clear();
  for (const fn of calls) fn();
}
