import { afterAll, afterEach, beforeAll, describe, expect } from '@jest/globals';
import { Couple } from '../../src/clients/couple.js';
import { Crowd } from '../../src/clients/crowd.js';
import { ending } from '../../src/clients/ending.js';
import { Cluster } from '../../src/cluster/cluster.js';
import { endAfterAll } from '../../src/cluster/for-all.js';
import { elapsed } from '../../src/eventually.js';
import { holds } from '../../src/figures/figures.js';
import { often } from '../../src/matrix.js';
import { Hosts } from '../../src/network/hosts.js';
import { separateHosts } from '../../src/network/means.js';
import { Run } from '../../src/processes/run.js';
import { scenarioWith } from '../../src/scenario.js';

const run = new Run('partition');
let hosts: Hosts;
let cluster: Cluster;

beforeAll(async () => {
  if (!separateHosts.there) return;
  hosts = Hosts.make(['router', 'master-1', 'master-2', 'client']);
  cluster = await Cluster.start(run, { masters: 2, hosts });
}, 90_000);

endAfterAll(run, () => cluster?.close());

afterAll(() => hosts?.remove());

afterEach(() => hosts?.heal());

interface Places {
  readonly available: string;
  readonly standby: string;
}

async function places(): Promise<Places> {
  const [standby] = await cluster.standbys();
  return { available: (await cluster.available()).name, standby: standby?.name ?? '' };
}

/** Longer than the suspicion; the whole matrix waits until an available master that the standby still hears is given up, too. */
const cutMs = often(1_000, 5_000);

function row(title: string, play: () => Promise<void>): void {
  scenarioWith(separateHosts, title, play, 60_000, () => cluster);
}

describe('A network that is cut: never two that acknowledge, and soon after its end all is as it was', () => {
  const healed: number[] = [];
  const whole: number[] = [];
  /** The same people post and read through all of it; what they saw is checked at the end: in one reign one master acknowledges. */
  let people: Crowd | undefined;
  const gathered = async (): Promise<Crowd> => {
    if (people !== undefined) return people;
    people = await Crowd.open(cluster, { writers: 8, readers: 2, prefix: 'cut-' });
    people.startPosting({ everyMs: 10 });
    return people;
  };

  const cuts: Record<string, (places: Places) => void> = {
    'between router and available master': ({ available }) => hosts.cut('router', available),
    'from the router to the available master': ({ available }) => hosts.cutOneWay('router', available),
    'from the available master to the router': ({ available }) => hosts.cutOneWay(available, 'router'),
    'between available master and standby': ({ available, standby }) => hosts.cut(available, standby),
    'from the available master to the standby': ({ available, standby }) =>
      hosts.cutOneWay(available, standby),
    'from the standby to the available master': ({ available, standby }) =>
      hosts.cutOneWay(standby, available),
    'between router and standby': ({ standby }) => hosts.cut('router', standby),
    'between the available master and all but the clients': ({ available, standby }) => {
      hosts.cut('router', available);
      hosts.cut(standby, available);
    },
  };
  for (const [where, cut] of Object.entries(cuts))
    row(where, async () => {
      const crowd = await gathered();
      await crowd.untilAcknowledged(50);
      cut(await places());
      await crowd.elapse(cutMs);
      hosts.heal();
      const healedMs = performance.now();
      await crowd.untilAcknowledged(1);
      healed.push(performance.now() - healedMs);
      await cluster.untilRedundant();
      whole.push(performance.now() - healedMs);
      expect({
        healed,
        serves: holds('partitionHealed', healed),
        whole,
        redundant: holds('partitionWhole', whole),
      }).toMatchObject({ serves: true, redundant: true });
    });

  row('after all of it every post was acknowledged, and is there once, for all in one order', async () => {
    const crowd = await gathered();
    await crowd.untilAcknowledged(50);
    const { posts } = await ending(crowd);
    expect(posts.filter(({ outcome }) => outcome !== 'acknowledged')).toEqual([]);
  });
});

describe('A client that is cut off, with the product’s own client library', () => {
  const resumed: number[] = [];
  let two: Couple | undefined;
  const talking = async (): Promise<Couple> =>
    (two ??= await Couple.start(run, cluster.router.address, { prefix: 'pair', on: hosts.on('client') }));

  const cuts: Record<string, (places: Places) => void> = {
    'from the available master, both ways': ({ available }) => hosts.cut('client', available),
    'on its way to the available master': ({ available }) => hosts.cutOneWay('client', available),
    'on the way back from the available master': ({ available }) => hosts.cutOneWay(available, 'client'),
    'from everybody': ({ available, standby }) => {
      for (const other of ['router', available, standby]) hosts.cut('client', other);
    },
  };
  for (const [where, cut] of Object.entries(cuts))
    row(`${where}: posts and reads go on soon after the cut ends`, async () => {
      const couple = await talking();
      const before = await cluster.getAvailable();
      cut(await places());
      await elapsed(cutMs);
      hosts.heal();
      const healedMs = performance.now();
      await couple.untilMore(1, 30_000);
      resumed.push(performance.now() - healedMs);
      expect(await cluster.getAvailable()).toEqual(before);
      expect({ resumed, within: holds('clientResumed', resumed) }).toMatchObject({ within: true });
    });

  row('from the router: it notices nothing', async () => {
    const couple = await talking();
    hosts.cut('client', 'router');
    await couple.untilMore(50, 10_000);
    hosts.heal();
  });

  row('after all of it, everything was posted and read once each and in order', async () => {
    await (await talking()).finish();
  });
});

describe('A network that loses', () => {
  for (const percent of often(1, 2) === 2 ? [20, 30] : [30])
    row(
      `${percent} of a hundred packets between router, masters and clients: slower, and nothing else`,
      async () => {
        const everybody = ['router', 'master-1', 'master-2', 'client'];
        const crowd = await Crowd.open(cluster, { writers: 4, readers: 2, prefix: `loss${percent}-` });
        const on = hosts.on('client');
        const couple = await Couple.start(run, cluster.router.address, { prefix: `lossy${percent}`, on });
        crowd.startPosting({ everyMs: 10 });
        await crowd.untilAcknowledged(50);
        for (const [index, one] of everybody.entries())
          for (const other of everybody.slice(index + 1)) hosts.lose(percent, one, other);
        await crowd.elapse(often(3_000, 20_000));
        hosts.heal();
        await crowd.untilAcknowledged(50);
        await cluster.untilRedundant();
        await couple.finish();
        await ending(crowd);
      },
    );
});
