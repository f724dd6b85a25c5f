/**
 * Counts honestly: what was acknowledged against what was read. A post is known by its text, which is made once for each;
 * so one that was stored twice under two ids is doubled, too.
 */
export class Tally {
  private readonly authors = new Map<string, string>();
  private readonly acknowledgedAtMs: number[] = [];

  acknowledged(text: string, author: string, atMs: number): void {
    if (this.authors.has(text)) throw new Error(`acknowledged twice: ${text}`);
    this.authors.set(text, author);
    this.acknowledgedAtMs.push(atMs);
  }

  get posts(): number {
    return this.authors.size;
  }

  /** Against one reader who should have taken every acknowledged post, but for those by `except`, exactly once. */
  compare(read: Iterable<string>, except?: string): { readonly lost: number; readonly doubled: number } {
    const times = new Map<string, number>();
    for (const text of read) times.set(text, (times.get(text) ?? 0) + 1);
    let lost = 0;
    for (const [text, author] of this.authors) if (author !== except && !times.has(text)) lost += 1;
    let doubled = 0;
    for (const count of times.values()) doubled += count - 1;
    return { lost, doubled };
  }

  /** The longest time without an acknowledgement that overlaps what came after `fromMs`, and the usual time between two. */
  pause(fromMs: number): { readonly longestMs: number; readonly usualMs: number } {
    const times = [...this.acknowledgedAtMs].sort((a, b) => a - b);
    const gaps = times.slice(1).map((atMs, index) => ({ atMs, ms: atMs - (times[index] ?? atMs) }));
    const after = gaps.filter(({ atMs }) => atMs >= fromMs).map(({ ms }) => ms);
    const before = gaps.filter(({ atMs }) => atMs < fromMs).map(({ ms }) => ms);
    before.sort((a, b) => a - b);
    return { longestMs: Math.max(0, ...after), usualMs: before[Math.floor(before.length / 2)] ?? 0 };
  }
}
