import { systemClock } from '@everline/chassis';

const longMs = 10_000;

/** C5: what a call ends in. One that outlives its own deadline by far fails by name, instead of keeping the test waiting. */
export function ends<T>(call: Promise<T>): Promise<unknown> {
  return new Promise((resolve, reject) => {
    const late = new Error(`the call has not ended within ${longMs} ms, whatever its deadline was`);
    const cancel = systemClock.after(longMs, () => reject(late));
    call.then(
      (value) => settle(value),
      (error: unknown) => settle(error),
    );
    function settle(end: unknown): void {
      cancel();
      resolve(end);
    }
  });
}
