import { afterAll, beforeAll, describe, expect } from '@jest/globals';
import { Crowd } from '../../src/clients/crowd.js';
import { ending } from '../../src/clients/ending.js';
import { Cluster } from '../../src/cluster/cluster.js';
import type { Member } from '../../src/cluster/member.js';
import { elapsed, eventually } from '../../src/eventually.js';
import { lots, often, seed } from '../../src/matrix.js';
import { openDescriptors, signalProcess } from '../../src/processes/census.js';
import { Run } from '../../src/processes/run.js';
import { scenario } from '../../src/scenario.js';

const run = new Run('random-kills');
let cluster: Cluster;

beforeAll(async () => {
  cluster = await Cluster.start(run, { masters: 3 });
}, 90_000);

afterAll(async () => {
  cluster?.close();
  await run.end();
}, 30_000);

const kills = often(25, 200);
/** Connections that come and go; a leak of one a kill is more. */
const spareDescriptors = Math.max(12, kills / 2);

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

/** Of the router: the masters' go with the clients, who move. */
function descriptors(): number {
  return openDescriptors(cluster.router.process().pid).length;
}

describe('Kills without an end', () => {
  scenario(
    `${kills} over all roles, at random (seed ${seed}): nothing lost, doubled or reordered, one process of each`,
    async () => {
      const lot = lots();
      const crowd = await Crowd.open(cluster, { writers: 6, readers: 2, prefix: 'many-' });
      const before = descriptors();
      crowd.startPosting({ everyMs: 10 });
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
      await eventually(
        () => descriptors() < before + spareDescriptors,
        15_000,
        () => `the router leaks no descriptors: ${before} before, ${descriptors()} after`,
      );
    },
    60_000 + kills * 2_000,
    () => cluster,
  );

  const rounds = often(2, 5);
  scenario(
    `the available master, and its successor while it activates, ${rounds} times: epochs grow, and nothing is lost`,
    async () => {
      const crowd = await Crowd.open(cluster, { writers: 6, readers: 2, prefix: 'heir-' });
      crowd.startPosting({ everyMs: 10 });
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
});
