import { beforeAll, describe, expect } from '@jest/globals';
import { Crowd } from '../../src/clients/crowd.js';
import { ending } from '../../src/clients/ending.js';
import { readTimes } from '../../src/clients/order.js';
import { Cluster } from '../../src/cluster/cluster.js';
import { endAfterAll } from '../../src/cluster/for-all.js';
import { holds } from '../../src/figures/figures.js';
import { often } from '../../src/matrix.js';
import { FakeClock, fakeClocks } from '../../src/processes/fake-clock.js';
import { Run } from '../../src/processes/run.js';
import { scenarioWith } from '../../src/scenario.js';

const run = new Run('clocks');
const clocks = new Map<string, FakeClock>();
let cluster: Cluster;

beforeAll(async () => {
  if (!fakeClocks.there) return;
  const environment = (name: string): NodeJS.ProcessEnv => {
    const clock = new FakeClock(run.folder, name);
    clocks.set(name, clock);
    return clock.environment;
  };
  cluster = await Cluster.start(run, { masters: 2, patient: true, environment });
}, 90_000);

endAfterAll(run, () => cluster?.close());

const hourS = 3_600;
const yearS = 365 * 24 * hourS;

/** Longer than it takes until a jump is seen: who counts by the wall clock would act on it at once. */
const dwellMs = often(1_500, 10_000);

function jump(names: readonly string[], seconds: number): void {
  for (const name of names) clocks.get(name)?.jumpTo(seconds);
}

function pids(): number[] {
  return cluster.members.flatMap((member) => [member.process(), ...member.watchdogs()].map(({ pid }) => pid));
}

describe('T1, W10: wall clocks that jump, of router, masters and watchdogs', () => {
  scenarioWith(
    fakeClocks,
    'an hour on, an hour back, ten years on, and each by itself: nobody is suspected, nobody waits, and no post is older than the one before',
    async () => {
      const crowd = await Crowd.open(cluster, { writers: 4, readers: 2, prefix: 'jump-' });
      crowd.startPosting({ everyMs: 20 });
      await crowd.untilAcknowledged(50);
      const before = { available: await cluster.getAvailable(), pids: pids() };
      const everybody = [...clocks.keys()];
      const available = (await cluster.available()).name;
      const jumps: [names: readonly string[], seconds: number][] = [
        [everybody, hourS],
        [everybody, -hourS],
        [['router'], hourS],
        [[available], -2 * hourS],
      ];
      if (often(1, 2) === 2)
        jumps.push([everybody, 10 * yearS], [everybody, -10 * yearS], [everybody, 0], [['router'], -hourS]);
      const fromMs = performance.now();
      for (const [names, seconds] of jumps) {
        jump(names, seconds);
        await crowd.elapse(dwellMs);
        await crowd.untilAcknowledged(50);
      }
      const pauseMs = crowd.longestPauseMs(fromMs);
      expect({ available: await cluster.getAvailable(), pids: pids() }).toEqual(before);
      const { posts } = await ending(crowd);
      expect(posts.filter(({ outcome }) => outcome !== 'acknowledged')).toEqual([]);
      const times = await readTimes((await cluster.available()).address, crowd.witness);
      expect(times.filter((time, at) => time < (times[at - 1] ?? 0))).toEqual([]);
      // The clocks did jump.
      expect((times.at(-1) ?? 0) - Date.now() / 1_000).toBeGreaterThan(hourS / 2);
      expect({ pauseMs, within: holds('clockPause', [pauseMs]) }).toMatchObject({ within: true });
    },
    120_000,
    () => cluster,
  );

  scenarioWith(
    fakeClocks,
    'the one that takes over is two hours behind the one that dies: its posts are not older than those before',
    async () => {
      const available = await cluster.available();
      jump([...clocks.keys()], -hourS);
      jump([available.name], hourS);
      const crowd = await Crowd.open(cluster, { writers: 4, readers: 2, prefix: 'behind-' });
      crowd.startPosting({ everyMs: 20 });
      await crowd.untilAcknowledged(50);
      const before = await cluster.describe();
      available.signal('SIGKILL');
      await cluster.untilMoved(before.epoch);
      await crowd.untilAcknowledged(50);
      await cluster.untilRedundant(before);
      await ending(crowd);
      const times = await readTimes((await cluster.available()).address, crowd.witness);
      expect(times.filter((time, at) => time < (times[at - 1] ?? 0))).toEqual([]);
    },
    60_000,
    () => cluster,
  );
});
