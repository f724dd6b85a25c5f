/** Pure: what is said of the values of several rounds. */

/** The smallest value that at least the share `q` of all values does not exceed. */
export function quantile(values: readonly number[], q: number): number {
  if (values.length === 0) return Number.NaN;
  const sorted = Float64Array.from(values).sort();
  const rank = Math.ceil(q * sorted.length) - 1;
  return sorted[Math.min(sorted.length - 1, Math.max(0, rank))] ?? Number.NaN;
}

/** Of an even count the mean of the two in the middle. */
export function median(values: readonly number[]): number {
  const sorted = Float64Array.from(values).sort();
  const middle = sorted.length >> 1;
  const upper = sorted[middle] ?? Number.NaN;
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? Number.NaN) + upper) / 2;
}

export interface Summary {
  readonly rounds: number;
  readonly min: number;
  readonly median: number;
  readonly p95: number;
  readonly max: number;
}

export function summarize(values: readonly number[]): Summary {
  return {
    rounds: values.length,
    min: quantile(values, 0),
    median: median(values),
    p95: quantile(values, 0.95),
    max: quantile(values, 1),
  };
}

/** Round by round, so that what the machine did to one round it did to both. */
export function ratios(ours: readonly number[], theirs: readonly number[]): readonly number[] {
  const rounds = Math.min(ours.length, theirs.length);
  return Array.from(
    { length: rounds },
    (_, round) => (ours[round] ?? Number.NaN) / (theirs[round] ?? Number.NaN),
  );
}

/** The longest time between two neighbouring events of which the later is not before `fromMs` and the earlier not after `toMs`. */
export function longestPause(timesMs: readonly number[], fromMs: number, toMs: number): number {
  let longest = 0;
  let before: number | undefined;
  for (const at of Float64Array.from(timesMs).sort()) {
    if (before !== undefined && at >= fromMs && before <= toMs) longest = Math.max(longest, at - before);
    before = at;
  }
  // What has not come by the end is a pause, too.
  return before === undefined ? toMs - fromMs : Math.max(longest, toMs - before);
}
