import { describe, expect } from '@jest/globals';
import { Crowd } from '../../../src/clients/crowd.js';
import { disturb, disturbTimes } from '../../../src/clients/disturb.js';
import { ending } from '../../../src/clients/ending.js';
import type { Member } from '../../../src/cluster/member.js';
import { eventually } from '../../../src/eventually.js';
import { holds } from '../../../src/figures/figures.js';
import { often } from '../../../src/matrix.js';
import { scenario } from '../../../src/scenario.js';
import { cluster } from './cluster.js';

const kills = often(5, 10);

const standby = async (): Promise<Member> => {
  const [master] = await cluster().standbys();
  if (master === undefined) throw new Error('there is no standby');
  return master;
};

describe('A standby', () => {
  scenario(
    `killed with kill -9 ${kills} times: posts wait for a moment, the role stays, the standby comes back in sync`,
    async () => {
      const crowd = await Crowd.open(cluster(), { writers: 16, readers: 2, prefix: 'sk-' });
      crowd.startPosting({ everyMs: 5 });
      const before = await cluster().getAvailable();
      const seen = await disturbTimes(kills, crowd, async () => {
        (await standby()).signal('SIGKILL');
      });
      expect(await cluster().getAvailable()).toEqual(before);
      const { posts } = await ending(crowd);
      expect(posts.filter(({ outcome }) => outcome !== 'acknowledged')).toEqual([]);
      const pauses = seen.map(({ pauseMs }) => pauseMs);
      expect({ pauses, within: holds('standbyKillPause', pauses) }).toMatchObject({ within: true });
    },
    90_000,
    cluster,
  );

  scenario(
    'stopped with SIGSTOP: it leaves the set of those in sync, posts go on with one copy, and it returns with SIGCONT',
    async () => {
      const crowd = await Crowd.open(cluster(), { writers: 16, readers: 2, prefix: 'ss-' });
      crowd.startPosting({ everyMs: 5 });
      let frozen: Member | undefined;
      const seen = await disturbTimes(
        often(3, 5),
        crowd,
        async () => {
          frozen = await standby();
          frozen.signal('SIGSTOP');
        },
        { heal: async () => void frozen?.signal('SIGCONT') },
      );
      const { posts } = await ending(crowd);
      expect(posts.some(({ copies }) => copies === 1)).toBe(true);
      expect(posts.some(({ copies }) => copies === 2)).toBe(true);
      const pauses = seen.map(({ pauseMs }) => pauseMs);
      expect({ pauses, within: holds('standbyFreezePause', pauses) }).toMatchObject({ within: true });
    },
    90_000,
    cluster,
  );

  scenario(
    'that was away and missed posts is not made available before it has them: the last in sync comes back and serves',
    async () => {
      const crowd = await Crowd.open(cluster(), { writers: 8, readers: 2, prefix: 'last-' });
      crowd.startPosting({ everyMs: 10 });
      const away = await standby();
      const last = await cluster().available();
      away.signal('SIGSTOP');
      await eventually(
        async () => (await cluster().describe()).liveCopies === 1,
        10_000,
        'the frozen standby is no member of the set any more',
      );
      const { pauseMs } = await disturb(
        crowd,
        async () => {
          const entry = last.signal('SIGKILL');
          await last.untilRestarted(entry);
          const { address } = await cluster().untilMoved((await cluster().describe()).epoch - 1);
          expect(address).toBe(last.address);
        },
        { heal: async () => void (away.find()?.state === 'T' && away.signal('SIGCONT')) },
      );
      await ending(crowd);
      expect({ pauseMs, within: holds('lastInSync', [pauseMs]) }).toMatchObject({ within: true });
    },
    60_000,
    cluster,
  );
});
