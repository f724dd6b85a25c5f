import { describe, expect } from '@jest/globals';
import { Crowd } from '../../src/clients/crowd.js';
import { ending } from '../../src/clients/ending.js';
import type { Cluster } from '../../src/cluster/cluster.js';
import { forAll } from '../../src/cluster/for-all.js';
import { eventually } from '../../src/eventually.js';
import { Run } from '../../src/processes/run.js';
import { scenario } from '../../src/scenario.js';

const run = new Run('floor');
let cluster: Cluster;

forAll(run, { masters: 3, minInSync: 2, guarded: false, patient: true }, (started) => {
  cluster = started;
});

describe('Three masters of which two must be in sync', () => {
  scenario(
    'one has lost its disk and the available one dies: the third takes the newcomer in while it activates, and serves',
    async () => {
      const crowd = await Crowd.open(cluster, { writers: 4, readers: 2, prefix: 'floor-' });
      crowd.startPosting({ everyMs: 50 });
      await crowd.untilAcknowledged(100);
      const [wiped] = await cluster.standbys();
      await wiped?.kill();
      wiped?.wipe();
      await eventually(
        async () => (await cluster.describe()).masters.filter(({ inSync }) => inSync).length === 2,
        20_000,
        'the wiped one has left the set',
      );
      const dead = await cluster.available();
      const { epoch } = await cluster.getAvailable();
      await dead.kill();
      wiped?.start();
      expect((await cluster.untilMoved(epoch)).address).not.toBe(wiped?.address);
      await crowd.untilAcknowledged(50);
      expect(dead.find()).toBeUndefined();
      dead.start();
      await cluster.untilRedundant();
      const { posts } = await ending(crowd);
      expect(posts.every(({ copies = 2 }) => copies >= 2)).toBe(true);
    },
    90_000,
    () => cluster,
  );
});
