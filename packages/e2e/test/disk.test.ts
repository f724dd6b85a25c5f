import { rmSync } from 'node:fs';
import { afterAll, describe, expect } from '@jest/globals';
import { Crowd } from '../src/clients/crowd.js';
import { ending } from '../src/clients/ending.js';
import { Cluster } from '../src/cluster/cluster.js';
import { eventually } from '../src/eventually.js';
import { Run } from '../src/processes/run.js';
import { mountSmall, smallFileSystem, takeRest, unmount } from '../src/processes/tmpfs.js';
import { scenarioWith } from '../src/scenario.js';

const run = new Run('disk');
let cluster: Cluster | undefined;

afterAll(async () => {
  cluster?.close();
  await run.end();
}, 30_000);

describe('A disk that fills up under a running cluster', () => {
  scenarioWith(
    smallFileSystem,
    'posts are refused with DISK_FULL, reading goes on, nothing acknowledged is lost, and with room again posts are taken',
    async () => {
      const planned = await Cluster.plan(run, { masters: 2, guarded: false });
      cluster = planned;
      mountSmall(planned.dir, 128);
      run.atEnd(() => unmount(planned.dir));
      planned.startAll();
      await planned.untilRedundant();
      const crowd = await Crowd.open(planned, { writers: 4, readers: 2, prefix: 'full-' });
      crowd.startPosting({ everyMs: 5 });
      await crowd.untilAcknowledged(100);
      const ballast = takeRest(planned.dir);
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
        15_000,
        'posts are taken again',
      );
      await ending(crowd);
    },
    90_000,
    () => cluster,
  );
});
