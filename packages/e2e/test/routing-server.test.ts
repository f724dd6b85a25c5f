import { describe, expect } from '@jest/globals';
import { Crowd } from '../src/clients/crowd.js';
import { ending } from '../src/clients/ending.js';
import { Cluster } from '../src/cluster/cluster.js';
import { endAfterAll } from '../src/cluster/for-all.js';
import { eventually } from '../src/eventually.js';
import { Run } from '../src/processes/run.js';
import { scenario } from '../src/scenario.js';
import { Peer } from '../src/wire/peer.js';
import { WireError } from '../src/wire/wire-error.js';

const run = new Run('routing-server');
const cluster = await Cluster.plan(run, { masters: 3, guarded: false, patient: true });
const [first, second, third] = cluster.masters;
if (first === undefined || second === undefined || third === undefined)
  throw new Error('three masters are planned');

endAfterAll(run, () => cluster.close());

/** The seed's paragraphs, one scenario each, in the order in which a cluster comes up. */
describe('Routing server', () => {
  scenario(
    'AddMaster: the first master to come is the available one, and its address is handed out as IP-address:port',
    async () => {
      cluster.router.start();
      await eventually(() => cluster.describe(500), 30_000, 'the router answers');
      await expect(cluster.getAvailable()).rejects.toMatchObject({ reason: 'NO_AVAILABLE_MASTER' });
      first.start();
      const available = await cluster.untilMoved(0, 20_000);
      expect(available.address).toBe(first.address);
      expect(available.address).toMatch(/^\d+\.\d+\.\d+\.\d+:\d+$/);
    },
    40_000,
    () => cluster,
  );

  scenario(
    'AddMaster: whoever comes later is listed behind it and does not take its place',
    async () => {
      const { epoch } = await cluster.getAvailable();
      second.start();
      await eventually(async () => (await cluster.describe()).masters.length === 2, 30_000, 'two are listed');
      third.start();
      const described = await cluster.untilRedundant();
      expect(described.masters.map(({ address }) => address)).toEqual(
        cluster.masters.map(({ address }) => address),
      );
      expect(await cluster.getAvailable()).toMatchObject({ address: first.address, epoch });
    },
    40_000,
    () => cluster,
  );

  scenario(
    'GetAvailable: a client that knows the router alone finds its master, and every other master names it',
    async () => {
      const { address } = await cluster.getAvailable();
      for (const { address: other } of await cluster.standbys()) {
        const peer = new Peer(other);
        const refusal = await peer
          .call('everline.sns.v1.SnsService/List', { username: 'anybody' })
          .catch((error: unknown) => error);
        peer.close();
        expect(refusal).toBeInstanceOf(WireError);
        expect(refusal).toMatchObject({
          codeName: 'UNAVAILABLE',
          reason: 'NOT_AVAILABLE_MASTER',
          metadata: { address },
        });
      }
    },
    20_000,
    () => cluster,
  );

  scenario(
    'DualPing: a master that dies leaves the list of those that live, and the next one is made available',
    async () => {
      const crowd = await Crowd.open(cluster, { writers: 4, readers: 2, prefix: 'dp-' });
      crowd.startPosting({ everyMs: 20 });
      await crowd.untilAcknowledged(50);
      const { epoch } = await cluster.getAvailable();
      await first.kill();
      const next = await cluster.untilMoved(epoch);
      expect(next.address).toBe(second.address);
      const status = (await cluster.describe()).masters.find(({ address }) => address === first.address);
      expect(status?.alive ?? false).toBe(false);
      await crowd.untilAcknowledged(50);
      first.start();
      await cluster.untilRedundant();
      await ending(crowd);
    },
    60_000,
    () => cluster,
  );
});

describe('Available server selection', () => {
  scenario(
    'the first available master in the list is chosen, and one that was away stands at its end',
    async () => {
      const { masters } = await cluster.describe();
      expect(masters.map(({ address }) => address)).toEqual([second.address, third.address, first.address]);
      const crowd = await Crowd.open(cluster, { writers: 4, readers: 2, prefix: 'as-' });
      crowd.startPosting({ everyMs: 20 });
      await crowd.untilAcknowledged(50);
      const { epoch } = await cluster.getAvailable();
      await second.kill();
      expect((await cluster.untilMoved(epoch)).address).toBe(third.address);
      await crowd.untilAcknowledged(50);
      second.start();
      await cluster.untilRedundant();
      await ending(crowd);
    },
    60_000,
    () => cluster,
  );
});

describe('Master servers', () => {
  scenario(
    'GetFollowerInfo: who comes with an empty disk gets every user, follow and post, and can take over at once',
    async () => {
      const crowd = await Crowd.open(cluster, { writers: 8, readers: 3, prefix: 'gf-' });
      crowd.startPosting({ everyMs: 2, count: 100 });
      await crowd.finishPosting();
      const standby = (await cluster.standbys())[0];
      if (standby === undefined) throw new Error('there is no standby');
      const before = new Set((await cluster.describe()).masters.map((status) => status.masterId));
      await standby.kill();
      standby.wipe();
      standby.start();
      const { masterId } = await eventually(
        async () =>
          (await cluster.describe()).masters.find(
            (status) =>
              status.address === standby.address &&
              status.alive &&
              status.inSync &&
              !before.has(status.masterId),
          ),
        30_000,
        'the wiped one is in sync under a new name',
      );
      expect((await cluster.switchover(masterId)).address).toBe(standby.address);
      await ending(crowd);
    },
    60_000,
    () => cluster,
  );
});
