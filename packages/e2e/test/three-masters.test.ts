import { describe, expect } from '@jest/globals';
import { Crowd } from '../src/clients/crowd.js';
import { ending } from '../src/clients/ending.js';
import type { Cluster } from '../src/cluster/cluster.js';
import { forAll } from '../src/cluster/for-all.js';
import { eventually } from '../src/eventually.js';
import { Run } from '../src/processes/run.js';
import { scenario } from '../src/scenario.js';
import { WireError } from '../src/wire/wire-error.js';

const run = new Run('three-masters');
let cluster: Cluster;

forAll(run, { masters: 3, minInSync: 2, guarded: false, patient: true }, (started) => {
  cluster = started;
});

describe('Three masters', () => {
  scenario(
    'three kills in a row, back to full redundancy each time, and whoever was killed stands at the end of the list',
    async () => {
      const crowd = await Crowd.open(cluster, { writers: 8, readers: 4, prefix: 'row-' });
      crowd.startPosting({ everyMs: 20 });
      for (let kill = 0; kill < 3; kill += 1) {
        await crowd.untilAcknowledged(100);
        const before = await cluster.describe();
        const victim = await cluster.available();
        await victim.kill();
        victim.start();
        const described = await cluster.untilRedundant(before);
        const others = before.masters
          .map(({ address }) => address)
          .filter((address) => address !== victim.address);
        expect(described.masters.map(({ address }) => address)).toEqual([...others, victim.address]);
        expect(described.masters.at(-1)?.role).toBe('MASTER_ROLE_STANDBY');
      }
      const { posts } = await ending(crowd);
      expect(posts.filter(({ outcome }) => outcome !== 'acknowledged')).toEqual([]);
      expect(posts.every(({ copies = 0 }) => copies >= 2)).toBe(true);
    },
    90_000,
    () => cluster,
  );

  scenario(
    'a kill, and another before the first one is back: the third serves on as soon as two are there',
    async () => {
      const crowd = await Crowd.open(cluster, { writers: 8, readers: 2, prefix: 'two-' });
      crowd.startPosting({ everyMs: 20 });
      await crowd.untilAcknowledged(100);
      const before = await cluster.describe();
      const first = await cluster.available();
      await first.kill();
      await cluster.untilMoved(before.epoch);
      const second = await cluster.available();
      await second.kill();
      for (const dead of [first, second]) dead.start();
      await crowd.untilAcknowledged(100);
      await cluster.untilRedundant(before);
      const { posts } = await ending(crowd);
      expect(posts.every(({ copies = 2 }) => copies >= 2)).toBe(true);
    },
    60_000,
    () => cluster,
  );

  scenario(
    'one standby killed: nobody waits for it, and two copies of every post are kept',
    async () => {
      const crowd = await Crowd.open(cluster, { writers: 8, readers: 2, prefix: 'one-' });
      crowd.startPosting({ everyMs: 20 });
      await crowd.untilAcknowledged(100);
      const available = await cluster.getAvailable();
      const before = await cluster.describe();
      const [standby] = await cluster.standbys();
      await standby?.kill();
      await crowd.untilAcknowledged(100);
      expect(await cluster.getAvailable()).toEqual(available);
      standby?.start();
      await cluster.untilRedundant(before);
      await ending(crowd);
    },
    60_000,
    () => cluster,
  );

  scenario(
    'both standbys frozen: posts are refused as retryable, reads go on, and everything is taken when one is back',
    async () => {
      const crowd = await Crowd.open(cluster, { writers: 4, readers: 1, prefix: 'floor-' });
      crowd.startPosting({ everyMs: 20 });
      await crowd.login('floor-extra');
      await crowd.untilAcknowledged(40);
      const before = await cluster.describe();
      const standbys = await cluster.standbys();
      for (const standby of standbys) standby.signal('SIGSTOP');
      // What was under way waits: it may have been appended. What comes now is told at once.
      await eventually(
        () =>
          crowd
            .tryPost('floor-extra', 300)
            .then(() => false)
            .catch((error: unknown) => error instanceof WireError && error.reason === 'BELOW_MIN_IN_SYNC'),
        20_000,
        'a post is refused with BELOW_MIN_IN_SYNC',
      );
      const asked = crowd.acknowledged;
      expect((await crowd.page(crowd.witness)).entries.length).toBeGreaterThan(0);
      expect(crowd.acknowledged).toBe(asked);
      for (const standby of standbys) standby.signal('SIGCONT');
      await crowd.untilAcknowledged(40);
      await cluster.untilRedundant(before);
      await ending(crowd);
    },
    60_000,
    () => cluster,
  );
});
