import type { Clock } from './clock.js';

/** Something took longer than it was given. */
export class DeadlineExceeded extends Error {
  override readonly name = 'DeadlineExceeded';
  readonly ms: number;

  constructor(what: string, ms: number) {
    super(`${what} took longer than ${ms} ms`);
    this.ms = ms;
  }
}

export interface Deadline extends Disposable {
  readonly signal: AbortSignal;
}

/**
 * A signal that aborts with `DeadlineExceeded` after `ms`, or with the reason of `signal` when that aborts first. Dispose it when the work is done.
 */
export function deadline(clock: Clock, ms: number, signal?: AbortSignal, what = 'the call'): Deadline {
  const controller = new AbortController();
  const cancel = clock.after(ms, () => controller.abort(new DeadlineExceeded(what, ms)));
  const follow = (): void => controller.abort(signal?.reason);
  if (signal?.aborted) follow();
  else signal?.addEventListener('abort', follow, { once: true });
  return {
    signal: controller.signal,
    [Symbol.dispose]: () => {
      cancel();
      signal?.removeEventListener('abort', follow);
    },
  };
}

/**
 * The result of `work`, or a rejection with `DeadlineExceeded(what)` after `ms`, or with the reason of `signal`: whichever comes first.
 * `work` is told by its signal; a rejection of it that comes later is dropped.
 */
export async function withDeadline<T>(
  clock: Clock,
  ms: number,
  what: string,
  work: (signal: AbortSignal) => Promise<T>,
  signal?: AbortSignal,
): Promise<T> {
  using limit = deadline(clock, ms, signal, what);
  const over = new Promise<never>((_, reject) => {
    const give = (): void => reject(limit.signal.reason);
    if (limit.signal.aborted) give();
    else limit.signal.addEventListener('abort', give, { once: true });
  });
  return await Promise.race([work(limit.signal), over]);
}
