import { systemClock } from '@everline/chassis/clock';
import { systemRandom } from '@everline/chassis/random';
import { afterEach, describe, expect, it, jest } from '@jest/globals';
import type { Events } from '../../src/events.js';
import type { Reporter } from '../../src/report/report.js';
import { createReporter } from '../../src/report/reporter.js';
import type { DeathNotice } from '../../src/state-file.js';
import { eventually } from '../eventually.js';
import { type Answer, startFrozenRouter, startRouter } from './router.js';

jest.setTimeout(20_000);

const notice: DeathNotice = { masterId: 'm-1', incarnation: 'i-1', how: 'SIGKILL' };
const open: Disposable[] = [];
afterEach(() => {
  for (const one of open.splice(0).reverse()) one[Symbol.dispose]();
});

function keep<T extends Disposable>(one: T): T {
  open.push(one);
  return one;
}

function reporterTo(ports: readonly number[]): {
  reporter: Reporter;
  settled: DeathNotice[];
  told: object[];
} {
  const settled: DeathNotice[] = [];
  const told: object[] = [];
  const events: Events = { tell: (_, fields = {}) => void told.push(fields), announce: () => undefined };
  const reporter = createReporter({
    routers: ports.map((port) => ({ host: '127.0.0.1', port })),
    clock: systemClock,
    random: systemRandom,
    events,
    onSettled: (taken) => void settled.push(taken),
  });
  keep(reporter);
  return { reporter, settled, told };
}

describe('W12: the report of a death', () => {
  it('reaches every router over a warm connection, at once', async () => {
    const routers = [keep(await startRouter()), keep(await startRouter())];
    const { reporter, settled } = reporterTo(routers.map(({ port }) => port));
    // The first report may still have to wait for the connection.
    reporter.report({ ...notice, incarnation: 'warm-up' });
    await eventually('the connections are warm', () => settled.length === 1);
    const beganMs = performance.now();
    reporter.report(notice);
    await eventually('it is taken', () => settled.length === 2);
    for (const { reports } of routers) {
      expect(reports[1]).toMatchObject(notice);
      expect((reports[1]?.atMs ?? Number.NaN) - beganMs).toBeLessThan(2_000);
    }
  });

  it('waits for a router that is away, and reaches it as soon as it is back', async () => {
    const first = await startRouter();
    const { reporter, settled } = reporterTo([first.port]);
    first[Symbol.dispose]();
    reporter.report(notice);
    const second = keep(await startRouter(first.port));
    await eventually('it is taken', () => settled.length === 1);
    expect(second.reports[0]).toMatchObject(notice);
  });

  it('is sent again after a passing refusal, over and over, and once only when it was taken', async () => {
    const answers: Answer[] = ['UNAVAILABLE', 'RESOURCE_EXHAUSTED', 'OK'];
    const router = keep(await startRouter(0, () => answers.shift() ?? 'OK'));
    const { reporter, settled } = reporterTo([router.port]);
    reporter.report(notice);
    await reporter.settled();
    expect(router.reports).toHaveLength(3);
    expect(settled).toEqual([notice]);
  });

  it('is given up when the router will never take it', async () => {
    const router = keep(await startRouter(0, () => 'INVALID_ARGUMENT'));
    const { reporter, told } = reporterTo([router.port]);
    reporter.report(notice);
    await reporter.settled();
    expect(router.reports).toHaveLength(1);
    expect(told).toEqual([expect.objectContaining({ delivery: 'refused' })]);
  });

  it('is tried over another connection when a router is frozen, and never blocks the others', async () => {
    const frozen = keep(await startFrozenRouter());
    const router = keep(await startRouter());
    const { reporter } = reporterTo([frozen.port, router.port]);
    reporter.report(notice);
    await eventually('the living one has it', () => router.reports.length === 1, 1_000);
    await eventually('the frozen one is tried again', () => frozen.connections() >= 2);
  });
});
