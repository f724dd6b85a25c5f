import type { History } from './history.js';
import type { Kept } from './kept.js';
import { Staircase } from './staircase.js';

/** Since when each post was known to be kept: acknowledged, or shown to anybody. */
export class Known {
  private readonly since = new Map<string, number>();
  private readonly newest: Staircase;

  constructor({ posts, streams, pages }: History, kept: Kept) {
    for (const { id, outcome, endedMs } of posts) if (outcome === 'acknowledged') this.learn(id, endedMs);
    for (const { entries } of streams) for (const { id, takenMs } of entries) this.learn(id, takenMs);
    for (const { entries, endedMs } of pages) for (const { id } of entries) this.learn(id, endedMs);
    this.newest = new Staircase([...this.since].map(([id, ms]) => [ms, kept.get(id)?.seq ?? 0]));
  }

  /** Infinity: never. */
  sinceMs(id: string): number {
    return this.since.get(id) ?? Number.POSITIVE_INFINITY;
  }

  /** The largest place that was known before then; below any place if there was none. */
  newestSeqBefore(ms: number): number {
    return this.newest.before(ms);
  }

  private learn(id: string, ms: number): void {
    if (ms < this.sinceMs(id)) this.since.set(id, ms);
  }
}
