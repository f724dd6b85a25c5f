/** Every wait of the suite: looks again until `condition` holds, and says at its end what it waited for. */
const firstLookMs = 5;
const longestLookMs = 50;

/** What is waited for at this moment, for a scenario whose time is over. */
const waits = new Set<() => string>();

export function waitedFor(): string {
  return [...waits].map((say) => say()).join('; ');
}

export class NeverHappened extends Error {
  override readonly name = 'NeverHappened';
}

/** Waiting longer cannot help; ends an `eventually` at once. */
export class Hopeless extends Error {
  override readonly name = 'Hopeless';
}

/**
 * Resolves with the first value of `condition` that is neither undefined nor false. A condition that throws does not
 * hold yet; what it threw last is the cause of the failure.
 */
export async function eventually<T>(
  condition: () => T | Promise<T>,
  deadlineMs: number,
  what: string | (() => string),
): Promise<Exclude<T, undefined | false>> {
  const say = (): string => (typeof what === 'string' ? what : what());
  waits.add(say);
  try {
    return await look(condition, deadlineMs, say);
  } finally {
    waits.delete(say);
  }
}

async function look<T>(
  condition: () => T | Promise<T>,
  deadlineMs: number,
  say: () => string,
): Promise<Exclude<T, undefined | false>> {
  const startedMs = performance.now();
  for (let lookMs = firstLookMs; ; lookMs = Math.min(lookMs * 1.5, longestLookMs)) {
    let cause: unknown;
    try {
      const value = await condition();
      if (value !== undefined && value !== false) return value as Exclude<T, undefined | false>;
    } catch (error) {
      if (error instanceof Hopeless) throw error;
      cause = error;
    }
    if (performance.now() - startedMs >= deadlineMs) {
      const why = cause instanceof Error ? `; the last look failed: ${cause.message}` : '';
      throw new NeverHappened(`within ${deadlineMs} ms it was not so: ${say()}${why}`, { cause });
    }
    await new Promise((resolve) => setTimeout(resolve, lookMs));
  }
}

/** The other kind of promise: settles within the deadline, or fails by name. */
export async function within<T>(promise: Promise<T>, deadlineMs: number, what: string): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const say = (): string => what;
  waits.add(say);
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(
      () => reject(new NeverHappened(`within ${deadlineMs} ms it was not so: ${what}`)),
      deadlineMs,
    );
  });
  try {
    return await Promise.race([promise, late]);
  } finally {
    clearTimeout(timer);
    waits.delete(say);
  }
}

/** A fault that lasts: time is part of it, so it is waited for. */
export function elapsed(durationMs: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, durationMs));
}
