/** What must have happened in a soak: a fault that never strikes proves nothing. */
export const wanted = [
  'failovers',
  'switchovers',
  'reigns renewed',
  'truncations',
  'snapshot joins',
  'fenced appends',
  'stale epochs',
  'stale versions',
  'router restarts',
  'router recoveries',
  'routers restored',
  'unknown outcomes',
  'resignations',
  'let go',
  'step-downs',
  'healed partitions',
  'leases refused',
  'leased reads',
  'router-checked reads',
  'shrinks',
  'grows',
  'pending grows resolved by a later version',
  'attached retries',
  'answered again',
  'answers of an older epoch',
  'below the floor',
  'crashes',
  'successors killed',
  'power cuts',
  'hangs',
  'wiped disks',
  'failed flushes',
  'deaths reported',
  'timelines resumed',
  'timeline entries',
  'posts acknowledged',
  'posts refused',
  'posts unknown',
  'reads answered',
  'audits answered',
] as const;

export class Counters {
  readonly counts = new Map<string, number>();

  count(what: string, times = 1): void {
    this.counts.set(what, (this.counts.get(what) ?? 0) + times);
  }

  add(other: Counters): void {
    for (const [what, times] of other.counts) this.count(what, times);
  }

  /** Of what is wanted and never happened. */
  get missing(): readonly string[] {
    return wanted.filter((what) => !this.counts.has(what));
  }
}
