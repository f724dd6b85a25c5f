import { describe, expect } from '@jest/globals';
import { Crowd } from '../../src/clients/crowd.js';
import { ending } from '../../src/clients/ending.js';
import type { Cluster } from '../../src/cluster/cluster.js';
import { forAll } from '../../src/cluster/for-all.js';
import type { Member } from '../../src/cluster/member.js';
import { elapsed, eventually } from '../../src/eventually.js';
import { lots, often, seed } from '../../src/matrix.js';
import { openDescriptors, signalProcess, tcpSockets } from '../../src/processes/census.js';
import { Run } from '../../src/processes/run.js';
import { scenario } from '../../src/scenario.js';

const run = new Run('random-kills');
let cluster: Cluster;

forAll(run, { masters: 3 }, (started) => {
  cluster = started;
});

const kills = often(15, 200);
/** Of both watchdogs one may die at a time: the other brings a new one. */
async function paired(member: Member): Promise<void> {
  await eventually(() => member.watchdogs().length === 2, 20_000, `${member.name} has its two watchdogs`);
}

async function killOne(lot: () => number): Promise<void> {
  const member = cluster.members[Math.floor(lot() * cluster.members.length)] ?? cluster.router;
  const victim = lot();
  if (victim < 0.6) {
    const entry = member.find();
    if (entry !== undefined) signalProcess(entry, 'SIGKILL');
    return;
  }
  await paired(member);
  const watchdog = member.watchdogs()[victim < 0.8 ? 0 : 1];
  if (watchdog !== undefined) signalProcess(watchdog, 'SIGKILL');
}

/** In which whoever left is forgotten. */
const restMs = 2_000;

function descriptors(member: Member): number {
  return openDescriptors(member.process().pid).length;
}

/** Ends of sockets by their port. */
function whatIsOpen(member: Member): string {
  const tcp = tcpSockets();
  return openDescriptors(member.process().pid)
    .map((what) => tcp.get(what) ?? what)
    .join(', ');
}

/** At rest, when nobody is connected but the members of the cluster themselves. */
async function noMoreDescriptors(member: Member, before: number): Promise<void> {
  await eventually(
    () => descriptors(member) <= before,
    20_000,
    () =>
      `${member.name} leaks no descriptors: ${before} before, ${descriptors(member)} after: ${whatIsOpen(member)}`,
  );
}

describe('Kills without an end', () => {
  scenario(
    `${kills} over all roles, at random (seed ${seed}): nothing lost, doubled or reordered, one process of each`,
    async () => {
      const lot = lots();
      const crowd = await Crowd.open(cluster, { writers: 6, readers: 2, prefix: 'many-' });
      crowd.startPosting({ everyMs: 20 });
      for (let kill = 0; kill < kills; kill += 1) {
        await killOne(lot);
        await elapsed(lot() * 400);
        if (kill % 5 === 4) await crowd.untilAcknowledged(20);
      }
      await crowd.untilAcknowledged(50);
      await cluster.untilRedundant();
      for (const member of cluster.members) await paired(member);
      await ending(crowd);
      const copies = cluster.members.map((member) => member.copies().length);
      expect(copies).toEqual(copies.map(() => 1));
    },
    60_000 + kills * 2_000,
    () => cluster,
  );

  const rounds = often(1, 5);
  scenario(
    `the available master, and its successor while it activates, ${rounds} times: epochs grow, and nothing is lost`,
    async () => {
      const crowd = await Crowd.open(cluster, { writers: 6, readers: 2, prefix: 'heir-' });
      crowd.startPosting({ everyMs: 20 });
      for (let round = 0; round < rounds; round += 1) {
        const { epoch } = await cluster.getAvailable();
        const before = await cluster.describe();
        await (await cluster.available()).kill();
        const next = await cluster.untilMoved(epoch);
        const heir = cluster.at(next.address).find();
        if (heir !== undefined) signalProcess(heir, 'SIGKILL');
        await crowd.untilAcknowledged(50);
        await cluster.untilRedundant(before);
      }
      const { eventEpochs } = await ending(crowd);
      expect(eventEpochs.length).toBeGreaterThan(rounds);
    },
    120_000,
    () => cluster,
  );

  const deaths = often(1, 20);
  for (const role of often(1, 2) === 1 ? (['standby'] as const) : (['available', 'standby'] as const))
    scenario(
      `${deaths} deaths of others: who survives them as the ${role} one, and the router, keep no descriptor of the dead and of clients that left`,
      async () => {
        const survivor = role === 'available' ? await cluster.available() : (await cluster.standbys())[0];
        if (survivor === undefined) throw new Error('no standby');
        const once = async (number: number): Promise<void> => {
          const crowd = await Crowd.open(cluster, { writers: 4, readers: 2, prefix: `${role}${number}-` });
          crowd.startPosting({ everyMs: 20 });
          await crowd.untilAcknowledged(20);
          const before = await cluster.describe();
          const [standby] = await cluster.standbys();
          await (role === 'available' ? standby : await cluster.available())?.kill();
          await cluster.untilRedundant(before);
          if (role === 'standby' && (await cluster.available()) === survivor) await cluster.switchover();
          await cluster.untilRedundant();
          await ending(crowd);
        };
        // Whatever is opened once and kept is open then.
        await once(0);
        await once(1);
        const watched = [survivor, cluster.router];
        const before: number[] = [];
        for (const member of watched) {
          await elapsed(restMs);
          before.push(descriptors(member));
        }
        for (let death = 0; death < deaths; death += 1) await once(death + 2);
        for (const [index, member] of watched.entries()) await noMoreDescriptors(member, before[index] ?? 0);
      },
      60_000 + deaths * 5_000,
      () => cluster,
    );
});
