import { describe, expect } from '@jest/globals';
import { Crowd } from '../../../src/clients/crowd.js';
import { disturbTimes } from '../../../src/clients/disturb.js';
import { ending } from '../../../src/clients/ending.js';
import { OwnCrowd } from '../../../src/clients/own-crowd.js';
import { holds, measured } from '../../../src/figures/figures.js';
import { scenario } from '../../../src/scenario.js';
import { cluster } from './cluster.js';

const killAvailable = async (): Promise<void> => {
  (await cluster().available()).signal('SIGKILL');
};

describe('Clients: whenever the available server dies', () => {
  scenario(
    "ten times kill -9 under sixteen of the product's own clients: a short pause, no call fails, nothing lost, nothing twice",
    async () => {
      const names = Array.from({ length: 16 }, (_, index) => `own-${index + 1}`);
      const witnesses = await Crowd.open(cluster(), { writers: 0, readers: 0, prefix: 'own-' });
      for (const name of names) {
        await witnesses.login(name);
        await witnesses.follow(witnesses.witness, name);
      }
      // It reads when they are done: sixteen who post are the load.
      const [live] = witnesses.readers.splice(0);
      await live?.stop();
      const crowd = new OwnCrowd(cluster(), names);
      const seen = await disturbTimes(10, crowd, killAvailable, { steadyMs: 2_000 });
      measured(
        'redundancy',
        seen.map(({ redundantMs }) => redundantMs),
      );
      const others = await crowd.finish();
      const { order } = await ending(witnesses, { others });
      expect(order).toHaveLength(others.length);
      const pauses = seen.map(({ pauseMs }) => pauseMs);
      expect({ pauses, within: holds('killPause', pauses) }).toMatchObject({ within: true });
    },
    120_000,
    cluster,
  );

  scenario(
    'five times kill -9 under sixteen posting and four reading clients: a short pause, no error, nothing lost, nothing twice',
    async () => {
      const crowd = await Crowd.open(cluster(), { writers: 16, readers: 3, prefix: 'ten-' });
      crowd.startPosting({ everyMs: 5 });
      const { epoch } = await cluster().getAvailable();
      const seen = await disturbTimes(5, crowd, killAvailable);
      const history = await ending(crowd);
      const pauses = seen.map(({ pauseMs }) => pauseMs);
      expect(history.posts.filter(({ outcome }) => outcome !== 'acknowledged')).toEqual([]);
      expect(history.eventEpochs.filter((later) => later > epoch).length).toBeGreaterThanOrEqual(5);
      expect({ pauses, within: holds('strangersKillPause', pauses) }).toMatchObject({ within: true });
    },
    120_000,
    cluster,
  );

  scenario(
    '2,000 posts from sixteen clients across five kills: acknowledged is stored, doubled is nothing',
    async () => {
      const crowd = await Crowd.open(cluster(), { writers: 16, readers: 2, prefix: 'five-' });
      crowd.startPosting({ everyMs: 40, count: 125 });
      for (let kill = 0; kill < 5; kill += 1) {
        const before = await cluster().describe();
        const from = crowd.acknowledged;
        await crowd.untilAcknowledged(Math.min(150, 2_000 - from - 1));
        await killAvailable();
        await cluster().untilRedundant(before);
      }
      await crowd.finishPosting();
      const { posts, order } = await ending(crowd);
      const stored = new Set(order.map(({ id }) => id));
      measured('lost', [
        posts.filter(({ id, outcome }) => outcome === 'acknowledged' && !stored.has(id)).length,
      ]);
      measured('doubled', [order.length - stored.size]);
      expect(posts).toHaveLength(2_000);
      expect(order).toHaveLength(2_000);
    },
    120_000,
    cluster,
  );
});
