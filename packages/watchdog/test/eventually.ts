/** Seldom enough that the looking does not take from a busy machine what it waits for. */
const firstLookMs = 5;
const longestLookMs = 50;

/** Looks until there is something, and fails with what was waited for. A condition that throws is one that is not met yet. */
export async function eventually<T>(
  what: string,
  condition: () => T | undefined | false | null | Promise<T | undefined | false | null>,
  deadlineMs = 20_000,
): Promise<T> {
  const untilMs = performance.now() + deadlineMs;
  let last: unknown;
  for (let lookMs = firstLookMs; ; lookMs = Math.min(lookMs * 1.5, longestLookMs)) {
    try {
      const found = await condition();
      if (found !== undefined && found !== false && found !== null) return found;
      last = undefined;
    } catch (error) {
      last = error;
    }
    if (performance.now() > untilMs) throw new Error(`not within ${deadlineMs} ms: ${what}`, { cause: last });
    await new Promise((resolve) => setTimeout(resolve, lookMs));
  }
}
