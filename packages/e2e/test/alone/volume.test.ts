import { describe, expect } from '@jest/globals';
import { Crowd } from '../../src/clients/crowd.js';
import { ending } from '../../src/clients/ending.js';
import { fill } from '../../src/clients/fill.js';
import type { Cluster } from '../../src/cluster/cluster.js';
import { forAll } from '../../src/cluster/for-all.js';
import type { Member } from '../../src/cluster/member.js';
import { holds } from '../../src/figures/figures.js';
import { often } from '../../src/matrix.js';
import { residentMegabytes } from '../../src/processes/census.js';
import { Run } from '../../src/processes/run.js';
import { scenario } from '../../src/scenario.js';

const run = new Run('volume');
let cluster: Cluster;

forAll(run, { masters: 2, patient: true }, (started) => {
  cluster = started;
});

const posts = 100_000;
const users = 1_000;

async function killedToInSync(member: Member): Promise<number> {
  const before = await cluster.describe();
  const killedMs = performance.now();
  await member.kill();
  await cluster.untilRedundant(before);
  return performance.now() - killedMs;
}

describe('A master that holds 100,000 posts and 1,000 users', () => {
  scenario(
    'takes little memory, as do its standby and the router',
    async () => {
      await fill(cluster, users, posts);
      const memory = (member: Member | undefined): number[] =>
        member === undefined ? [] : [residentMegabytes(member.process().pid)];
      const [standby] = await cluster.standbys();
      const figures = {
        masterMemory: memory(await cluster.available()),
        standbyMemory: memory(standby),
        routerMemory: memory(cluster.router),
      };
      expect({
        ...figures,
        master: holds('masterMemory', figures.masterMemory),
        standby: holds('standbyMemory', figures.standbyMemory),
        router: holds('routerMemory', figures.routerMemory),
      }).toMatchObject({ master: true, standby: true, router: true });
    },
    240_000,
    () => cluster,
  );

  scenario(
    'restarts and is in sync again within two seconds, as standby and as the one that was available',
    async () => {
      const crowd = await Crowd.open(cluster, { writers: 4, readers: 1, prefix: 'vol-' });
      crowd.startPosting({ everyMs: 10 });
      const seen: number[] = [];
      for (let time = 0; time < often(1, 3); time += 1) {
        const [standby] = await cluster.standbys();
        if (standby === undefined) throw new Error('no standby');
        seen.push(await killedToInSync(standby), await killedToInSync(await cluster.available()));
      }
      await ending(crowd);
      expect({ seen, within: holds('volumeRestart', seen) }).toMatchObject({ within: true });
    },
    120_000,
    () => cluster,
  );
});
