import { statSync } from 'node:fs';
import { describe, expect } from '@jest/globals';
import { Crowd } from '../src/clients/crowd.js';
import { ending } from '../src/clients/ending.js';
import type { Cluster } from '../src/cluster/cluster.js';
import { forAll } from '../src/cluster/for-all.js';
import { eventually } from '../src/eventually.js';
import { Run } from '../src/processes/run.js';
import { scenario } from '../src/scenario.js';

const run = new Run('restart');
let cluster: Cluster;

forAll(run, { masters: 3, guarded: false, patient: true }, (started) => {
  cluster = started;
});

/** People post all the while; nothing is said of how long it may take, only of what is there afterwards. */
async function through(prefix: string, stopAll: () => Promise<void>): Promise<void> {
  const crowd = await Crowd.open(cluster, { writers: 8, readers: 3, prefix });
  crowd.startPosting({ everyMs: 20 });
  await crowd.untilAcknowledged(100);
  const before = await cluster.describe();
  await stopAll();
  for (const member of cluster.members) if (member.find() === undefined) member.start();
  await eventually(() => cluster.describe(500), 45_000, 'the router answers');
  const after = await cluster.untilRedundant();
  await crowd.untilAcknowledged(100);
  expect(after.clusterId).toBe(before.clusterId);
  expect(after.epoch).toBeGreaterThan(before.epoch);
  expect(after.masters.map(({ masterId }) => masterId).sort()).toEqual(
    before.masters.map(({ masterId }) => masterId).sort(),
  );
  await ending(crowd);
}

/** Each has come so far that it has something to say about the router that is not there. */
async function untilTheyLog({ masters }: Cluster): Promise<void> {
  const sizes = masters.map(({ logFile }) => statSync(logFile).size);
  await eventually(
    () => masters.every(({ logFile }, index) => statSync(logFile).size > (sizes[index] ?? 0)),
    30_000,
    'the masters run without a router',
  );
}

describe('Restart of everything keeps everything', () => {
  scenario(
    'kill -9 of all at once, under load',
    () =>
      through('kill-', async () => {
        await Promise.all(cluster.members.map((member) => member.kill()));
      }),
    60_000,
    () => cluster,
  );

  scenario(
    'SIGTERM of all at once, under load',
    () =>
      through('term-', async () => {
        const entries = cluster.members.map((member) => ({ member, entry: member.signal('SIGTERM') }));
        await Promise.all(entries.map(({ member, entry }) => member.untilGone(entry, 15_000)));
      }),
    60_000,
    () => cluster,
  );

  scenario(
    'one after the other, each back in sync before the next: a rolling restart that no call notices',
    async () => {
      const crowd = await Crowd.open(cluster, { writers: 8, readers: 3, prefix: 'roll-' });
      crowd.startPosting({ everyMs: 20 });
      for (const member of [...cluster.masters, cluster.router]) {
        await crowd.untilAcknowledged(50);
        const entry = member.signal('SIGTERM');
        await member.untilGone(entry, 15_000);
        member.start();
        await eventually(() => cluster.describe(500), 45_000, 'the router answers');
        await cluster.untilRedundant();
      }
      await crowd.untilAcknowledged(50);
      const { posts } = await ending(crowd);
      expect(posts.filter(({ outcome }) => outcome !== 'acknowledged')).toEqual([]);
    },
    60_000,
    () => cluster,
  );

  scenario(
    'kill -9 of all at once, and the masters are back before the router',
    () =>
      through('order-', async () => {
        await Promise.all(cluster.members.map((member) => member.kill()));
        for (const master of cluster.masters) master.start();
        await untilTheyLog(cluster);
      }),
    60_000,
    () => cluster,
  );
});
