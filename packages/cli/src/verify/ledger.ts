import type {
  ChangeRecord,
  History,
  OrderedPost,
  PageRecord,
  PostRecord,
  TakenEntry,
} from '@everline/history';

/** A post whose place has not been checked yet. */
interface OpenPost {
  readonly id: string;
  readonly author: string;
  readonly text: string;
  readonly begunMs: number;
  settled: Settled | undefined;
  /** On how many timelines it came. */
  taken: number;
}

type Settled = Pick<PostRecord, 'outcome' | 'endedMs' | 'seq' | 'copies'>;

interface DuePage {
  readonly page: PageRecord;
  /** What had been acknowledged or shown when it was asked for. */
  readonly knownSeq: number;
}

/** A client does not tell how often it tried: what rests on a first try is not checked. */
const unknownTries = 2;

/**
 * What was written and read and not checked yet: everything behind the place up to which the order was checked. Pure.
 * `full`: nobody should write before something has been checked.
 */
export class Ledger {
  written = 0;
  /** Posts that came on every timeline on which they had to. */
  read = 0;
  refused = 0;
  /** The longest time that a post waited for its acknowledgement. */
  longestMs = 0;
  acknowledgedSeq = 0;
  /** The largest place that was acknowledged or shown. */
  knownSeq = 0;
  checkedSeq = 0;
  private readonly readersOfEach: number;
  private readonly mostOpen: number;
  private readonly changes: readonly ChangeRecord[];
  private readonly posts = new Map<string, OpenPost>();
  private readonly entries = new Map<string, TakenEntry[]>();
  private pages: DuePage[] = [];

  constructor(options: {
    readonly readersOfEach: number;
    readonly mostOpen: number;
    readonly changes: readonly ChangeRecord[];
  }) {
    this.readersOfEach = options.readersOfEach;
    this.mostOpen = options.mostOpen;
    this.changes = options.changes;
  }

  get open(): number {
    return this.posts.size;
  }

  get full(): boolean {
    return this.posts.size >= this.mostOpen;
  }

  begin(post: Omit<OpenPost, 'settled' | 'taken'>): void {
    this.posts.set(post.id, { ...post, settled: undefined, taken: 0 });
  }

  settle(id: string, settled: Settled): void {
    const post = this.posts.get(id);
    if (post === undefined) throw new Error(`post ${id} was never begun, or was checked already`);
    post.settled = settled;
    if (settled.outcome === 'refused') this.refused += 1;
    if (settled.outcome !== 'acknowledged') return;
    this.written += 1;
    this.longestMs = Math.max(this.longestMs, settled.endedMs - post.begunMs);
    this.acknowledgedSeq = Math.max(this.acknowledgedSeq, settled.seq ?? 0);
    this.knownSeq = Math.max(this.knownSeq, settled.seq ?? 0);
    if (post.taken === this.readersOfEach) this.read += 1;
  }

  take(reader: string, entry: Omit<TakenEntry, 'prevSeq'>): void {
    const list = this.entries.get(reader) ?? [];
    this.entries.set(reader, list);
    // The client library has checked the chain: whatever it hands out follows the entry before.
    list.push({ ...entry, prevSeq: list.at(-1)?.seq ?? 0 });
    this.knownSeq = Math.max(this.knownSeq, entry.seq);
    const post = this.posts.get(entry.id);
    if (post === undefined) return;
    post.taken += 1;
    if (post.taken === this.readersOfEach && post.settled?.outcome === 'acknowledged') this.read += 1;
  }

  /** `knownSeq` as it was when the page was asked for. */
  page(page: PageRecord, knownSeq: number): void {
    this.pages.push({ page, knownSeq });
  }

  /** Posts that were begun and of which nobody knows yet what became of them. */
  underWay(): readonly string[] {
    return [...this.posts.values()].filter(({ settled }) => settled === undefined).map(({ id }) => id);
  }

  isSettled(id: string): boolean {
    return this.posts.get(id)?.settled !== undefined;
  }

  /** Everything acknowledged up to there has come wherever it had to. */
  isReadUpTo(seq: number): boolean {
    return [...this.posts.values()].every(
      ({ settled, taken }) => !isAcknowledgedUpTo(settled, seq) || taken >= this.readersOfEach,
    );
  }

  /**
   * Hands out what belongs to the places behind `checkedSeq` up to `untilSeq`, and forgets it. Everything that may have such a place
   * is settled.
   */
  cut(untilSeq: number, order: readonly OrderedPost[], nowMs: number): History {
    const afterSeq = this.checkedSeq;
    const posts = [...this.posts.values()].flatMap((post) => recordOf(post, untilSeq));
    // What nobody knows the outcome of may still come.
    for (const { id, outcome } of posts) if (outcome !== 'unknown') this.posts.delete(id);
    const streams = [...this.entries].map(([reader, all]) => {
      const entries = all.filter(({ seq }) => seq <= untilSeq);
      this.entries.set(reader, all.slice(entries.length));
      return { reader, includeOwn: true, entries, afterSeq, untilSeq, endedMs: nowMs };
    });
    const due = this.pages.filter(({ knownSeq }) => knownSeq <= untilSeq);
    this.pages = this.pages.filter(({ knownSeq }) => knownSeq > untilSeq);
    this.checkedSeq = untilSeq;
    const pages = due.flatMap(({ page }) => partOf(page, afterSeq, untilSeq));
    const { changes } = this;
    return { posts, changes, streams, pages, order, reigns: [], eventEpochs: [], states: [], journals: [] };
  }
}

function isAcknowledgedUpTo(settled: Settled | undefined, seq: number): boolean {
  return settled?.outcome === 'acknowledged' && (settled.seq ?? 0) <= seq;
}

/** None while it belongs to a later part. */
function recordOf({ id, author, text, begunMs, settled }: OpenPost, untilSeq: number): readonly PostRecord[] {
  if (settled === undefined) return [];
  if (settled.outcome === 'acknowledged' && !isAcknowledgedUpTo(settled, untilSeq)) return [];
  return [{ id, author, text, begunMs, tries: unknownTries, ...settled }];
}

/** The page as far as it shows these places. */
function partOf(page: PageRecord, afterSeq: number, untilSeq: number): readonly PageRecord[] {
  const entries = page.entries.filter(({ seq }) => seq > afterSeq && seq <= untilSeq);
  const whole = page.whole || page.entries.some(({ seq }) => seq <= afterSeq);
  return entries.length === 0 && !whole ? [] : [{ ...page, entries, whole }];
}
