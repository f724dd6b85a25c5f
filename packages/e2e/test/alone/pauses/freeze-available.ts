import { describe, expect } from '@jest/globals';
import { Crowd } from '../../../src/clients/crowd.js';
import { disturb, disturbTimes } from '../../../src/clients/disturb.js';
import { ending } from '../../../src/clients/ending.js';
import type { Member } from '../../../src/cluster/member.js';
import { elapsed } from '../../../src/eventually.js';
import { holds } from '../../../src/figures/figures.js';
import { often } from '../../../src/matrix.js';
import { scenario } from '../../../src/scenario.js';
import { cluster } from './cluster.js';

let frozen: Member | undefined;

const freeze = async (): Promise<void> => {
  frozen = await cluster().available();
  frozen.signal('SIGSTOP');
};

const times = often(5, 10);

const thaw = async (): Promise<void> => {
  frozen?.signal('SIGCONT');
};

describe('A master that hangs', () => {
  scenario(
    `${times} times SIGSTOP and later SIGCONT of the available master: the role moves, and what wakes up has nothing to say`,
    async () => {
      const crowd = await Crowd.open(cluster(), { writers: 16, readers: 3, prefix: 'times-' });
      crowd.startPosting({ everyMs: 5 });
      const seen = await disturbTimes(times, crowd, freeze, { heal: thaw });
      const history = await ending(crowd);
      const pauses = seen.map(({ pauseMs }) => pauseMs);
      expect(history.posts.filter(({ outcome }) => outcome !== 'acknowledged')).toEqual([]);
      expect({ pauses, within: holds('freezePause', pauses) }).toMatchObject({ within: true });
    },
    120_000,
    cluster,
  );

  scenario(
    'reads during and after the hang never show less than was acknowledged before they were asked',
    async () => {
      const crowd = await Crowd.open(cluster(), { writers: 8, readers: 1, prefix: 'reads-' });
      crowd.startPosting({ everyMs: 5 });
      const enough = 20;
      let reading = true;
      const reads = (async () => {
        while (reading || crowd.pages.length < enough) await crowd.page(crowd.witness, 40);
      })();
      await disturb(crowd, freeze, { heal: thaw });
      reading = false;
      await reads;
      const { pages } = await ending(crowd);
      expect(pages.length).toBeGreaterThanOrEqual(enough);
    },
    60_000,
    cluster,
  );

  scenario(
    'a hang that ends within the suspicion time moves nothing',
    async () => {
      const crowd = await Crowd.open(cluster(), { writers: 4, readers: 1, prefix: 'short-' });
      crowd.startPosting({ everyMs: 5 });
      for (let wasShort = false; !wasShort; ) {
        await crowd.untilAcknowledged(50);
        const before = await cluster().getAvailable();
        const master = await cluster().available();
        const frozenMs = performance.now();
        master.signal('SIGSTOP');
        await elapsed(150);
        master.signal('SIGCONT');
        // Else this very process was late to wake it, and nothing is said of it.
        wasShort = performance.now() - frozenMs < 300;
        await crowd.untilAcknowledged(50);
        if (wasShort) expect(await cluster().getAvailable()).toEqual(before);
        else await cluster().untilRedundant();
      }
      await ending(crowd);
    },
    30_000,
    cluster,
  );

  scenario(
    'one that never wakes up is killed by its watchdog and comes back as a standby',
    async () => {
      const crowd = await Crowd.open(cluster(), { writers: 4, readers: 1, prefix: 'never-' });
      crowd.startPosting({ everyMs: 10 });
      const before = await cluster().describe();
      await freeze();
      const hung = frozen?.process();
      if (hung === undefined) throw new Error('nothing was frozen');
      await frozen?.untilGone(hung, 20_000);
      await cluster().untilRedundant(before);
      expect(await cluster().available()).not.toBe(frozen);
      await ending(crowd);
    },
    60_000,
    cluster,
  );
});
