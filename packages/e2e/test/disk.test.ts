import { rmSync } from 'node:fs';
import { describe, expect } from '@jest/globals';
import { Crowd } from '../src/clients/crowd.js';
import { ending } from '../src/clients/ending.js';
import { Cluster } from '../src/cluster/cluster.js';
import { endAfterAll } from '../src/cluster/for-all.js';
import { eventually } from '../src/eventually.js';
import { isAlive } from '../src/processes/census.js';
import { Run } from '../src/processes/run.js';
import { mountSmall, smallFileSystem, takeRest, unmount } from '../src/processes/tmpfs.js';
import { scenarioWith } from '../src/scenario.js';

const run = new Run('disk');
const clusters: Cluster[] = [];

endAfterAll(run, () => {
  for (const cluster of clusters) cluster.close();
});

/** All on one small file system. */
async function onSmallDisk(): Promise<Cluster> {
  const cluster = await Cluster.plan(run, { masters: 2, guarded: false });
  clusters.push(cluster);
  mountSmall(cluster.dir, 128);
  run.atEnd(() => unmount(cluster.dir));
  cluster.startAll();
  await cluster.untilRedundant();
  return cluster;
}

const last = (): Cluster | undefined => clusters.at(-1);

describe('A disk that fills up under a running cluster', () => {
  scenarioWith(
    smallFileSystem,
    'posts are refused with DISK_FULL, reading goes on, the processes live, and with room again posts are taken',
    async () => {
      const cluster = await onSmallDisk();
      const processes = cluster.members.map((member) => member.process());
      const crowd = await Crowd.open(cluster, { writers: 4, readers: 2, prefix: 'full-' });
      crowd.startPosting({ everyMs: 50 });
      await crowd.untilAcknowledged(100);
      const ballast = takeRest(cluster.dir, 4_000_000);
      await eventually(
        () => crowd.refusals.some(({ reason }) => reason === 'DISK_FULL'),
        30_000,
        'a post is refused with DISK_FULL',
      );
      await crowd.stopPosting();
      expect((await crowd.page(crowd.witness)).entries.length).toBeGreaterThan(0);
      rmSync(ballast);
      await eventually(
        async () => (await crowd.writers[0]?.post('there is room again'))?.outcome === 'acknowledged',
        30_000,
        'posts are taken again',
      );
      await ending(crowd);
      expect(processes.filter(isAlive)).toHaveLength(3);
    },
    90_000,
    last,
  );

  scenarioWith(
    smallFileSystem,
    'taken to the last byte by somebody else, it costs no acknowledged post: with room again all is as it was',
    async () => {
      const cluster = await onSmallDisk();
      const crowd = await Crowd.open(cluster, { writers: 4, readers: 2, prefix: 'gone-' });
      crowd.startPosting({ everyMs: 50 });
      await crowd.untilAcknowledged(100);
      const ballast = takeRest(cluster.dir);
      const before = crowd.acknowledged;
      await crowd.elapse(1_500);
      expect(crowd.acknowledged - before).toBeLessThan(200);
      rmSync(ballast);
      for (const member of cluster.members) if (member.find() === undefined) member.start();
      await cluster.untilRedundant();
      await crowd.untilAcknowledged(50);
      await ending(crowd);
    },
    90_000,
    last,
  );
});
