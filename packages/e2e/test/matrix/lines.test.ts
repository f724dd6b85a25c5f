import { afterEach, beforeAll, describe, expect } from '@jest/globals';
import { Couple } from '../../src/clients/couple.js';
import { Crowd } from '../../src/clients/crowd.js';
import { ending } from '../../src/clients/ending.js';
import { Cluster } from '../../src/cluster/cluster.js';
import { endAfterAll } from '../../src/cluster/for-all.js';
import { holds, statistic } from '../../src/figures/figures.js';
import { often } from '../../src/matrix.js';
import { Run } from '../../src/processes/run.js';
import { scenario } from '../../src/scenario.js';

const run = new Run('lines');
let cluster: Cluster;

beforeAll(async () => {
  const masterFlags = ['--lag-ms', '1000'];
  cluster = await Cluster.start(run, { masters: 2, guarded: false, patient: true, lines: true, masterFlags });
}, 90_000);

afterEach(() => setDelay(0));

endAfterAll(run, () => cluster?.close());

/** Of the way to every master. Those who post and read live are not on it. */
function setDelay(delayMs: number): void {
  for (const master of cluster?.masters ?? []) cluster.linesOf(master).front.delayMs = delayMs;
}

async function crowdOf(prefix: string): Promise<Crowd> {
  const crowd = await Crowd.open(cluster, { writers: 8, readers: 2, prefix, direct: true });
  crowd.startPosting({ everyMs: 20 });
  await crowd.untilAcknowledged(50);
  return crowd;
}

describe('A long way between the masters', () => {
  const delayMs = 100;
  scenario(
    `${delayMs} ms each way: posts take as much longer, each is kept twice, and the role stays`,
    async () => {
      const crowd = await crowdOf('far-');
      const before = await cluster.getAvailable();
      setDelay(delayMs);
      await crowd.untilAcknowledged(50);
      const fromMs = performance.now();
      await crowd.elapse(often(1_500, 20_000));
      const times = crowd.posts
        .filter(({ begunMs, endedMs }) => begunMs > fromMs && endedMs < Number.POSITIVE_INFINITY)
        .map(({ begunMs, endedMs }) => endedMs - begunMs);
      setDelay(0);
      expect(await cluster.getAvailable()).toEqual(before);
      const { posts } = await ending(crowd);
      expect(posts.filter(({ copies }) => copies !== 2)).toEqual([]);
      expect(statistic(times, 'p50')).toBeGreaterThan(2 * delayMs - 1);
      expect({ times, within: holds('slowLinkPost', times) }).toMatchObject({ within: true });
    },
    60_000,
    () => cluster,
  );

  scenario(
    'longer than the lag limit: the standby leaves the set, posts go on with one copy, and it is back when the way is short again',
    async () => {
      const crowd = await crowdOf('too-far-');
      const before = await cluster.getAvailable();
      const fromMs = performance.now();
      setDelay(2_000);
      await crowd.untilAcknowledged(100);
      const pauseMs = crowd.longestPauseMs(fromMs);
      expect((await cluster.describe()).liveCopies).toBe(1);
      setDelay(0);
      await cluster.untilRedundant();
      expect(await cluster.getAvailable()).toEqual(before);
      const { posts } = await ending(crowd);
      expect(posts.some(({ copies }) => copies === 1)).toBe(true);
      expect({ pauseMs, within: holds('slowLinkPause', [pauseMs]) }).toMatchObject({ within: true });
    },
    60_000,
    () => cluster,
  );
});

describe('Connections that the network has forgotten: they carry nothing, and nobody is told', () => {
  scenario(
    'all of those to the masters: clients and standby notice by themselves, and go on over new ones',
    async () => {
      const crowd = await crowdOf('forgotten-');
      const couple = await Couple.start(run, cluster.router.address, { prefix: 'forgotten' });
      const resumed: number[] = [];
      for (let time = 0; time < often(1, 5); time += 1) {
        const before = await cluster.getAvailable();
        const forgottenMs = performance.now();
        for (const master of cluster.masters) cluster.linesOf(master).front.forget();
        await couple.untilMore(1, 30_000);
        resumed.push(performance.now() - forgottenMs);
        await cluster.untilRedundant();
        expect(await cluster.getAvailable()).toEqual(before);
      }
      await couple.finish();
      await ending(crowd);
      expect({ resumed, within: holds('forgottenClient', resumed) }).toMatchObject({ within: true });
    },
    90_000,
    () => cluster,
  );

  scenario(
    'all of those between masters and of masters to the router: they dial anew, and are in sync again',
    async () => {
      const crowd = await crowdOf('all-');
      const whole: number[] = [];
      for (let time = 0; time < often(1, 5); time += 1) {
        const forgottenMs = performance.now();
        for (const { front, toRouter } of cluster.masters.map((master) => cluster.linesOf(master)))
          for (const line of [front, toRouter]) line.forget();
        // What is known to be in sync may not be so any more: a post proves it.
        await crowd.untilAcknowledged(50);
        await cluster.untilRedundant();
        await crowd.untilAcknowledged(50);
        whole.push(performance.now() - forgottenMs);
      }
      await ending(crowd);
      expect({ whole, within: holds('forgottenWhole', whole) }).toMatchObject({ within: true });
    },
    90_000,
    () => cluster,
  );
});
