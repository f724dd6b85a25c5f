import type { PostRecord } from './history.js';

/** The longest time without an acknowledgement of which at least the end lies behind `fromMs`. */
export function longestPauseMs(posts: readonly PostRecord[], fromMs: number): number {
  const ends = posts
    .filter(({ outcome }) => outcome === 'acknowledged')
    .map(({ endedMs }) => endedMs)
    .sort((a, b) => a - b);
  let longest = 0;
  for (let index = 1; index < ends.length; index += 1) {
    const ended = ends[index] ?? 0;
    if (ended >= fromMs) longest = Math.max(longest, ended - (ends[index - 1] ?? 0));
  }
  return longest;
}
