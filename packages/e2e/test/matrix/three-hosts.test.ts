import { afterAll, beforeAll, describe, expect } from '@jest/globals';
import { Crowd } from '../../src/clients/crowd.js';
import { ending } from '../../src/clients/ending.js';
import { Cluster } from '../../src/cluster/cluster.js';
import { endAfterAll } from '../../src/cluster/for-all.js';
import { lots, often } from '../../src/matrix.js';
import { Hosts, here } from '../../src/network/hosts.js';
import { separateHosts } from '../../src/network/means.js';
import { Run } from '../../src/processes/run.js';
import { scenarioWith } from '../../src/scenario.js';

const run = new Run('three-hosts');
const masters = ['master-1', 'master-2', 'master-3'];
let hosts: Hosts;
let cluster: Cluster;

beforeAll(async () => {
  if (!separateHosts.there) return;
  hosts = Hosts.make(['router', ...masters]);
  cluster = await Cluster.start(run, { masters: 3, minInSync: 2, hosts });
}, 90_000);

endAfterAll(run, () => cluster?.close());

afterAll(() => hosts?.remove());

function row(title: string, play: () => Promise<void>): void {
  scenarioWith(separateHosts, title, play, 90_000, () => cluster);
}

async function crowdOf(prefix: string): Promise<Crowd> {
  const crowd = await Crowd.open(cluster, { writers: 8, readers: 2, prefix });
  crowd.startPosting({ everyMs: 20 });
  await crowd.untilAcknowledged(50);
  return crowd;
}

async function whole(crowd: Crowd): Promise<void> {
  hosts.heal();
  await crowd.untilAcknowledged(50);
  await cluster.untilRedundant();
  await ending(crowd);
}

describe('Three masters in a network that is not whole', () => {
  row(
    'one of two standbys cannot reach the available master: posts go on with the other, the role stays',
    async () => {
      const crowd = await crowdOf('bridge-');
      const before = await cluster.getAvailable();
      const [standby] = await cluster.standbys();
      hosts.cut((await cluster.available()).name, standby?.name ?? '');
      await crowd.elapse(often(1_500, 5_000));
      await crowd.untilAcknowledged(50);
      expect(await cluster.getAvailable()).toEqual(before);
      await whole(crowd);
    },
  );

  row('the available master alone against the rest: the rest serves, it acknowledges nothing', async () => {
    const crowd = await crowdOf('alone-');
    const { epoch } = await cluster.getAvailable();
    const { name } = await cluster.available();
    for (const other of ['router', ...masters.filter((master) => master !== name)]) hosts.cut(name, other);
    await cluster.untilMoved(epoch);
    await crowd.untilAcknowledged(50);
    await whole(crowd);
  });

  row('links are cut one by one and come back in another order', async () => {
    const lot = lots();
    const crowd = await crowdOf('swizzle-');
    const ends = ['router', ...masters, here];
    for (let round = 0; round < often(1, 5); round += 1) {
      for (let cut = 0; cut < 4; cut += 1) {
        const one = ends[Math.floor(lot() * ends.length)] ?? '';
        const others = ends.filter((end) => end !== one);
        const other = others[Math.floor(lot() * others.length)] ?? '';
        if (lot() < 0.5) hosts.cut(one, other);
        else hosts.cutOneWay(one, other);
        await crowd.elapse(100 + lot() * 600);
      }
      hosts.heal();
      await crowd.untilAcknowledged(20);
    }
    await whole(crowd);
  });
});
