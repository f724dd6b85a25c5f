/** Resolves as soon as `condition` holds; rejects after `withinMs`. */
export async function eventually(condition: () => boolean, withinMs = 15_000): Promise<void> {
  const untilMs = performance.now() + withinMs;
  while (!condition()) {
    if (performance.now() > untilMs) throw new Error(`not within ${withinMs} ms: ${condition}`);
    await new Promise((resolve) => setTimeout(resolve, 2));
  }
}
