/**
 * T1: the only file that asks the machine for time. Decisions use `nowMs`, which never jumps; `wallMs` is for people and for `posted_at`.
 */
export { type Deadline, DeadlineExceeded, deadline, withDeadline } from './deadline.js';

/** Undoes what it was given for. Calling it again, or late, does nothing. */
export type Cancel = () => void;

export interface Clock {
  /** Monotonic milliseconds with a fraction, from an arbitrary origin. */
  nowMs(): number;
  /** Milliseconds since 1970 by the wall clock, which people and NTP move. */
  wallMs(): number;
  /** Calls `fn` once, not before `ms` have passed. */
  after(ms: number, fn: () => void): Cancel;
  /** Calls `fn` every `ms` until cancelled; calls that a busy loop missed are not made up for. */
  every(ms: number, fn: () => void): Cancel;
  /** Resolves after `ms`; rejects with the signal's reason as soon as it aborts. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
  /** Calls `fn` after the events that are pending now. */
  soon(fn: () => void): void;
}

/** A longer timer would fire at once (2^31 ms are 24.8 days). */
const longestTimerMs = 2 ** 31 - 1;

export const systemClock: Clock = {
  nowMs: () => performance.now(),
  wallMs: () => Date.now(),
  after: (ms, fn) => {
    const timer = setTimeout(fn, Math.min(ms, longestTimerMs));
    return () => clearTimeout(timer);
  },
  every: (ms, fn) => {
    const timer = setInterval(fn, Math.min(ms, longestTimerMs));
    return () => clearInterval(timer);
  },
  sleep: (ms, signal) => sleep(ms, signal),
  soon: (fn) => {
    setImmediate(fn);
  },
};

function sleep(ms: number, signal: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve, reject) => {
    if (signal?.aborted) return reject(signal.reason);
    const timer = setTimeout(
      () => {
        signal?.removeEventListener('abort', give);
        resolve();
      },
      Math.min(ms, longestTimerMs),
    );
    function give(): void {
      clearTimeout(timer);
      reject(signal?.reason);
    }
    signal?.addEventListener('abort', give, { once: true });
  });
}
