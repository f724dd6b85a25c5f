import type { Clock } from '@everline/chassis/clock';
import type { Random } from '@everline/chassis/random';
import { type Client, Refused, Unknown, Unreachable } from '@everline/client';
import type { Finding } from '@everline/history';
import { textOf } from './cast.js';
import { gapFinding } from './gap.js';
import type { Ledger } from './ledger.js';
import { until } from './until.js';
import type { WholeOrder } from './whole.js';

/** Between two pages of one person. */
const pageEveryMs = 250;
const pageSize = 20;
const againMs = 50;
/** A cluster that refuses is not pressed. */
const afterRefusalMs = 200;

export interface PersonParts {
  readonly client: Client;
  readonly name: string;
  readonly ledger: Ledger;
  readonly whole: WholeOrder;
  readonly clock: Clock;
  readonly random: Random;
  /** From one post to the next. */
  readonly everyMs: number;
}

/** One of those who write and read: a post after the other, a live timeline, now and then a page. */
export class Person {
  private readonly parts: PersonParts;
  private number = 0;
  private pageAtMs = 0;

  constructor(parts: PersonParts) {
    this.parts = parts;
  }

  /** Until `over`; then what is under way gets its answer, or is not known when `leave` aborts. */
  async write(over: AbortSignal, leave: AbortSignal): Promise<void> {
    const { clock, ledger, everyMs } = this.parts;
    let nextMs = clock.nowMs() + everyMs * this.parts.random.next();
    while (!over.aborted) {
      await clock.sleep(Math.max(0, nextMs - clock.nowMs()), over).catch(() => {});
      if (over.aborted) return;
      if (ledger.full) await until(() => !ledger.full, Number.POSITIVE_INFINITY, clock, over).catch(() => {});
      // An outage is not made up for.
      nextMs = Math.max(nextMs + everyMs, clock.nowMs());
      if (!(await this.post(leave))) await clock.sleep(afterRefusalMs, over).catch(() => {});
      await this.readPage(leave);
    }
  }

  /** Rejects with a reason of `leave`; what broke is told to `onBroken`. */
  async read(signal: AbortSignal, onLive: () => void, onBroken: (finding: Finding) => void): Promise<void> {
    const { client, clock, ledger, name } = this.parts;
    try {
      for await (const event of client.timeline({ recent: 0, includeOwn: true, signal })) {
        if (event.kind === 'caught-up') onLive();
        if (event.kind !== 'entry') continue;
        const { postId, author, text, seq } = event.post;
        ledger.take(name, { id: postId, author, text, seq, takenMs: clock.nowMs() });
      }
    } catch (error) {
      const finding = signal.aborted ? undefined : gapFinding(error, `the timeline of ${name}`);
      if (finding !== undefined) onBroken(finding);
      else if (!signal.aborted) throw error;
    }
  }

  /** Tries until it is known what became of it. False: refused. */
  private async post(leave: AbortSignal): Promise<boolean> {
    const { client, clock, ledger, name, random, whole } = this.parts;
    const number = this.number + 1;
    const text = textOf(number, name);
    const id = random.uuidv7(clock.wallMs());
    ledger.begin({ id, author: name, text, begunMs: clock.nowMs() });
    for (let mayBeThere = false; ; ) {
      try {
        const { post, copies } = await client.post(text, { postId: id, signal: leave });
        ledger.settle(id, { outcome: 'acknowledged', endedMs: clock.nowMs(), seq: post.seq, copies });
        this.number = number;
        return true;
      } catch (error) {
        const refused = error instanceof Refused;
        if (refused && !mayBeThere) {
          ledger.settle(id, { outcome: 'refused', endedMs: clock.nowMs() });
          return false;
        }
        mayBeThere ||= error instanceof Unknown || leave.aborted;
        if (refused || leave.aborted) {
          ledger.settle(id, { outcome: 'unknown', endedMs: Number.POSITIVE_INFINITY });
          whole.mayBe(name, number);
          this.number = number;
          return false;
        }
        if (!(error instanceof Unknown || error instanceof Unreachable)) throw error;
        await clock.sleep(againMs, leave).catch(() => {});
      }
    }
  }

  /** What was known before it was asked for has to be on it. */
  private async readPage(signal: AbortSignal): Promise<void> {
    const { client, clock, ledger, name } = this.parts;
    const begunMs = clock.nowMs();
    if (begunMs < this.pageAtMs) return;
    const { knownSeq } = ledger;
    try {
      const { entries, nextBefore } = await client.readTimeline({
        limit: pageSize,
        includeOwn: true,
        signal,
      });
      const endedMs = clock.nowMs();
      const shown = entries.map(({ post }) => ({ id: post.postId, seq: post.seq }));
      const whole = nextBefore === undefined;
      ledger.page({ reader: name, includeOwn: true, begunMs, endedMs, entries: shown, whole }, knownSeq);
    } catch (error) {
      // Nobody answered in time, or refused to: that is no lie.
      if (!(error instanceof Unreachable || error instanceof Refused || signal.aborted)) throw error;
    }
    this.pageAtMs = clock.nowMs() + pageEveryMs;
  }
}
