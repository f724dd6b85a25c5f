import type { Clock } from '@everline/chassis/clock';
import { checkHistory, type Finding } from '@everline/history';
import type { Evidence } from './evidence.js';
import { gapFinding } from './gap.js';
import type { Ledger } from './ledger.js';
import { type FreshReader, patiently, presentCursor, readOrder, rereadAll } from './order.js';
import { until } from './until.js';
import type { WholeOrder } from './whole.js';

/** How often what was written and read meanwhile is checked, at the latest after so many posts. */
const everyMs = 2_000;
const mostPosts = 2_000;
/** While a fresh reader is answered, a live timeline that still lacks a post has lost it. */
const deliveryMs = 15_000;

export interface CheckerParts {
  readonly ledger: Ledger;
  readonly whole: WholeOrder;
  readonly evidence: Evidence;
  readonly witness: FreshReader;
  readonly clock: Clock;
  readonly onBroken: (findings: readonly Finding[]) => void;
}

/**
 * Checks part after part: whatever was acknowledged up to a place, when all that may stand before it has its answer. So what is kept in
 * memory is bounded by what is under way, and not by how long it runs.
 */
export class Checker {
  private readonly parts: CheckerParts;
  private cursor = '';

  constructor(parts: CheckerParts) {
    this.parts = parts;
  }

  async start(): Promise<void> {
    this.cursor = await presentCursor(this.parts.witness);
  }

  /** Until `over`. */
  async check(over: AbortSignal): Promise<void> {
    const { clock, ledger } = this.parts;
    while (!over.aborted) {
      await until(() => ledger.open >= mostPosts, everyMs, clock, over).catch(() => {});
      if (!over.aborted) await this.checkPart();
    }
  }

  /** Rejects when `witness.signal` aborts. */
  async checkPart(): Promise<void> {
    const { clock, ledger, whole, evidence, witness } = this.parts;
    const untilSeq = ledger.acknowledgedSeq;
    const underWay = ledger.underWay();
    // Whatever is begun from here on stands behind this place.
    const settled = (): boolean => underWay.every((id) => ledger.isSettled(id));
    await until(settled, Number.POSITIVE_INFINITY, clock, witness.signal);
    const read = await this.guarded(() => readOrder(witness, this.cursor, untilSeq));
    if (read === undefined) return;
    this.cursor = read.cursor;
    await until(() => ledger.isReadUpTo(untilSeq), deliveryMs, clock, witness.signal);
    const history = { ...ledger.cut(untilSeq, read.order, clock.nowMs()), ...evidence.take() };
    this.tell([...checkHistory(history), ...whole.add(read.order, untilSeq)]);
  }

  /** Everything from the beginning to the end once more. */
  async checkWhole(): Promise<void> {
    const { whole, witness } = this.parts;
    const reread = whole.reread();
    await this.guarded(() => rereadAll(witness, reread));
    this.tell(reread.end());
  }

  private async guarded<T>(work: () => Promise<T>): Promise<T | undefined> {
    try {
      return await patiently(this.parts.witness, work);
    } catch (error) {
      const finding = gapFinding(error, 'a fresh reader');
      if (finding === undefined) throw error;
      this.tell([finding]);
      return undefined;
    }
  }

  private tell(findings: readonly Finding[]): void {
    if (findings.length > 0) this.parts.onBroken(findings);
  }
}
