import { describe, expect } from '@jest/globals';
import { Crowd } from '../../../src/clients/crowd.js';
import { disturb, disturbTimes } from '../../../src/clients/disturb.js';
import { ending } from '../../../src/clients/ending.js';
import { eventually } from '../../../src/eventually.js';
import { holds } from '../../../src/figures/figures.js';
import { often } from '../../../src/matrix.js';
import { scenario } from '../../../src/scenario.js';
import { cluster } from './cluster.js';

const kills = often(5, 10);

const killRouter = async (): Promise<void> => {
  const entry = await cluster().router.kill();
  await cluster().router.untilRestarted(entry);
  await eventually(() => cluster().describe(500), 30_000, 'the router answers again');
};

describe('The router', () => {
  scenario(
    `killed with kill -9 under load, ${kills} times: nobody who posts or reads notices, and it forgets nothing`,
    async () => {
      const crowd = await Crowd.open(cluster(), { writers: 16, readers: 3, prefix: 'rk-' });
      crowd.startPosting({ everyMs: 5 });
      const before = await cluster().describe();
      await crowd.untilAcknowledged(100);
      const pauses: number[] = [];
      for (let kill = 0; kill < kills; kill += 1) {
        await crowd.untilAcknowledged(100);
        const killedMs = performance.now();
        await killRouter();
        await crowd.untilAcknowledged(100);
        pauses.push(crowd.longestPauseMs(killedMs));
        await cluster().untilRedundant();
      }
      const after = await cluster().describe();
      expect(after).toMatchObject({ clusterId: before.clusterId, epoch: before.epoch });
      expect(after.version).toBeGreaterThanOrEqual(before.version);
      const detours = crowd.writers.flatMap((writer) => writer.detours.map(({ error }) => error.message));
      const resumptions = crowd.readers.flatMap((reader) =>
        reader.resumptions.map(({ error }) => error?.message),
      );
      await ending(crowd);
      expect({ detours, resumptions }).toEqual({ detours: [], resumptions: [] });
      holds('routerKillFailed', [detours.length]);
      expect({ pauses, within: holds('routerKillPause', pauses) }).toMatchObject({ within: true });
    },
    120_000,
    cluster,
  );

  scenario(
    'stopped with SIGSTOP for two seconds: posts go on, and after SIGCONT it moves the role because of no old silence',
    async () => {
      const crowd = await Crowd.open(cluster(), { writers: 8, readers: 2, prefix: 'rs-' });
      crowd.startPosting({ everyMs: 5 });
      const before = await cluster().getAvailable();
      cluster().router.signal('SIGSTOP');
      await crowd.elapse(2_000);
      await crowd.untilAcknowledged(100);
      cluster().router.signal('SIGCONT');
      await crowd.untilAcknowledged(100);
      await cluster().untilRedundant();
      expect(await cluster().getAvailable()).toEqual(before);
      await ending(crowd);
    },
    60_000,
    cluster,
  );

  scenario(
    'and the available master killed at the same moment: the cluster serves again when the router is back',
    async () => {
      const crowd = await Crowd.open(cluster(), { writers: 8, readers: 2, prefix: 'both-' });
      crowd.startPosting({ everyMs: 5 });
      const { epoch } = await cluster().getAvailable();
      await disturb(crowd, async () => {
        const master = await cluster().available();
        master.signal('SIGKILL');
        await killRouter();
      });
      expect((await cluster().getAvailable()).epoch).toBeGreaterThan(epoch);
      await ending(crowd);
    },
    60_000,
    cluster,
  );

  scenario(
    'killed, and a standby that comes back meanwhile is taken in as soon as the router is there again',
    async () => {
      const crowd = await Crowd.open(cluster(), { writers: 4, readers: 1, prefix: 'meanwhile-' });
      crowd.startPosting({ everyMs: 10 });
      await disturbTimes(often(1, 2), crowd, async () => {
        const [standby] = await cluster().standbys();
        const entry = cluster().router.signal('SIGKILL');
        standby?.signal('SIGKILL');
        await cluster().router.untilRestarted(entry);
        await eventually(() => cluster().describe(500), 30_000, 'the router answers again');
      });
      await ending(crowd);
    },
    60_000,
    cluster,
  );
});
