/**
 * W12: the local witness. Whoever calls `report` has seen the kernel confirm the death; it is told to every router until that one has taken it, and what was not taken when
 * a keeper ends is told by the next one.
 */
import { formatAddress } from '@everline/chassis/address';
import { createBackoff } from '@everline/chassis/backoff';
import type { DeathNotice } from '../state-file.js';
import { encodeReport, reportDeathPath } from './encode.js';
import type { CreateReporter } from './report.js';
import { type Delivery, openRouterLine, type RouterLine } from './router-line.js';

/** By then the router has long noticed by itself, or the master is back under a new incarnation. */
const giveUpMs = 60_000;

export const createReporter: CreateReporter = ({ routers, clock, random, events, onSettled }) => {
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
          router: formatAddress(router),
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
      const telling = tellAll(notice).finally(() => underWay.delete(telling));
      underWay.add(telling);
    },
    settled: async () => void (await Promise.all(underWay)),
    [Symbol.dispose]: () => {
      over = true;
      for (const { line } of lines) line[Symbol.dispose]();
    },
  };
};
