/**
 * W12: the local witness. Whoever calls `report` has seen the kernel confirm the death; it is told to every router until that one has taken it, and what was not taken when
 * a keeper ends is told by the next one.
 */
import { createBackoff } from '@everline/chassis/backoff';
import type { Clock } from '@everline/chassis/clock';
import type { Random } from '@everline/chassis/random';
import type { Events } from '../events.js';
import type { RouterAddress } from '../settings.js';
import type { DeathNotice } from '../state-file.js';
import { encodeReport, reportDeathPath } from './encode.js';
import { type Delivery, openRouterLine, type RouterLine } from './router-line.js';

export interface Reporter extends Disposable {
  /** Is on its way when this call returns. */
  report(notice: DeathNotice): void;
  /** Resolves when every report was taken, or given up. */
  settled(): Promise<void>;
}

export interface ReporterOptions {
  readonly routers: readonly RouterAddress[];
  readonly clock: Clock;
  readonly random: Random;
  readonly events: Events;
  /** Every router took it, or it is too old to be of use. */
  onSettled(notice: DeathNotice): void;
}

/** By then the router has long noticed by itself, or the master is back under a new incarnation. */
const giveUpMs = 60_000;

export function createReporter({ routers, clock, random, events, onSettled }: ReporterOptions): Reporter {
  const lines = routers.map((router) => ({ router, line: openRouterLine(router, clock) }));
  const underWay = new Set<Promise<void>>();
  let over = false;

  async function deliver(line: RouterLine, frame: Buffer): Promise<Delivery> {
    const sinceMs = clock.nowMs();
    const backoff = createBackoff(random);
    for (;;) {
      const delivery = await line.deliver(reportDeathPath, frame);
      if (delivery !== 'failed' || over || clock.nowMs() - sinceMs > giveUpMs) return delivery;
      await clock.sleep(backoff.nextMs());
    }
  }

  async function tellAll(notice: DeathNotice): Promise<void> {
    const frame = encodeReport(notice);
    const sinceMs = clock.nowMs();
    await Promise.all(
      lines.map(async ({ router, line }) => {
        const delivery = await deliver(line, frame);
        if (over) return;
        const tookMs = Number((clock.nowMs() - sinceMs).toFixed(1));
        events.tell('death-reported', {
          router: `${router.host}:${router.port}`,
          delivery,
          tookMs,
          ...notice,
        });
      }),
    );
    if (!over) onSettled(notice);
  }

  return {
    report: (notice) => {
      if (lines.length === 0) return onSettled(notice);
      const telling = tellAll(notice).finally(() => underWay.delete(telling));
      underWay.add(telling);
    },
    settled: async () => void (await Promise.all(underWay)),
    [Symbol.dispose]: () => {
      over = true;
      for (const { line } of lines) line[Symbol.dispose]();
    },
  };
}
