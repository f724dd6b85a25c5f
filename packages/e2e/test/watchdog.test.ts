import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect } from '@jest/globals';
import { Crowd } from '../src/clients/crowd.js';
import { disturb } from '../src/clients/disturb.js';
import { ending } from '../src/clients/ending.js';
import { Cluster } from '../src/cluster/cluster.js';
import { endAfterAll } from '../src/cluster/for-all.js';
import type { Member } from '../src/cluster/member.js';
import { eventually } from '../src/eventually.js';
import { holds } from '../src/figures/figures.js';
import { isAlive, type ProcessEntry, residentMegabytes, signalProcess } from '../src/processes/census.js';
import { Run } from '../src/processes/run.js';
import { scenario } from '../src/scenario.js';

const run = new Run('watchdog');
let cluster: Cluster;
let crowd: Crowd;

beforeAll(async () => {
  cluster = await Cluster.start(run, { masters: 2, patient: true });
  await pairs();
}, 90_000);

endAfterAll(run, () => cluster?.close());

/** Every role has its two watchdogs. */
async function pairs(): Promise<void> {
  for (const member of cluster.members) await paired(member);
}

function paired(member: Member): Promise<ProcessEntry[]> {
  return eventually(
    () => (member.watchdogs().length === 2 ? member.watchdogs() : undefined),
    30_000,
    `${member.name} has a keeper and a guardian`,
  );
}

/** Both at once, as a careless `pkill` does it. */
async function killPair(member: Member): Promise<void> {
  const pair = await paired(member);
  for (const watchdog of pair) signalProcess(watchdog, 'SIGKILL');
  await eventually(() => !pair.some(isAlive), 30_000, 'both watchdogs are gone');
}

/** Posting goes on through the whole scenario. */
async function underLoad(prefix: string, play: () => Promise<void>): Promise<void> {
  crowd = await Crowd.open(cluster, { writers: 4, readers: 2, prefix });
  crowd.startPosting({ everyMs: 50 });
  await crowd.untilAcknowledged(40);
  await play();
  await crowd.untilAcknowledged(40);
  await cluster.untilRedundant();
  await ending(crowd);
}

describe('Restarting killed masters', () => {
  scenario(
    'the seed: a master that is killed is started again by the program that waits on it',
    () =>
      underLoad('seed-', async () => {
        const master = await cluster.available();
        const before = await cluster.describe();
        const killed = await master.kill();
        const restarted = await master.untilRestarted(killed);
        expect(restarted.parent).toBe(killed.parent);
        await cluster.untilRedundant(before);
      }),
    60_000,
    () => cluster,
  );

  scenario(
    'the watchdog is killed: its guardian takes over, brings a new guardian, and the child never notices',
    () =>
      underLoad('keeper-', async () => {
        for (const member of cluster.members) {
          const child = member.process();
          const [keeper, guardian] = await paired(member);
          if (keeper === undefined || guardian === undefined) throw new Error('no pair');
          signalProcess(keeper, 'SIGKILL');
          const now = await eventually(
            () => {
              const pair = member.watchdogs().filter(({ pid }) => pid !== keeper.pid);
              return pair.length === 2 ? pair : undefined;
            },
            30_000,
            `${member.name} has a pair again`,
          );
          expect(now.map(({ pid }) => pid)).toContain(guardian.pid);
          expect(member.process().pid).toBe(child.pid);
        }
      }),
    60_000,
    () => cluster,
  );

  scenario(
    'the guardian is killed: its keeper starts another',
    () =>
      underLoad('guardian-', async () => {
        const [master] = cluster.masters;
        if (master === undefined) throw new Error('no master');
        const child = master.process();
        const [keeper, guardian] = await paired(master);
        if (guardian === undefined) throw new Error('no guardian');
        signalProcess(guardian, 'SIGKILL');
        await eventually(
          () =>
            master.watchdogs().length === 2 && master.watchdogs().every(({ pid }) => pid !== guardian.pid),
          30_000,
          'there is another guardian',
        );
        expect(master.watchdogs().map(({ pid }) => pid)).toContain(keeper?.pid);
        expect(master.process().pid).toBe(child.pid);
      }),
    60_000,
    () => cluster,
  );

  scenario(
    'both are killed: the master runs on without its monitor, the next pair adopts it; it dies, and exactly one new one stands',
    () =>
      underLoad('both-', async () => {
        const master = await cluster.available();
        const child = master.process();
        await killPair(master);
        await crowd.untilAcknowledged(40);
        expect(isAlive(child)).toBe(true);
        master.start();
        await paired(master);
        await crowd.untilAcknowledged(40);
        expect(master.process().pid).toBe(child.pid);
        const before = await cluster.describe();
        signalProcess(child, 'SIGKILL');
        await master.untilRestarted(child);
        await cluster.untilRedundant(before);
        expect((await cluster.getAvailable()).epoch).toBeGreaterThan(before.epoch);
        expect(master.copies()).toHaveLength(1);
        expect(master.watchdogs()).toHaveLength(2);
      }),
    90_000,
    () => cluster,
  );

  scenario(
    'both are killed, and then their master: the others serve, and the next pair brings it back',
    () =>
      underLoad('orphaned-', async () => {
        const master = await cluster.available();
        const before = await cluster.describe();
        await killPair(master);
        await disturb(
          crowd,
          async () => {
            await master.kill();
          },
          { heal: async () => void master.start() },
        );
        await cluster.untilRedundant(before);
        expect(master.copies()).toHaveLength(1);
      }),
    90_000,
    () => cluster,
  );
});

describe('The seed’s Bash script around the program that waits on the master', () => {
  let looped: Cluster | undefined;

  scenario(
    'restarts that program whenever it fails: the master runs without it for a while, the new one adopts it, and takes its part when it dies',
    async () => {
      looped = await Cluster.start(run, { masters: 1, looped: true, patient: true });
      const [master] = looped.masters;
      if (master === undefined) throw new Error('no master');
      const child = master.process();
      await killPair(master);
      expect(isAlive(child)).toBe(true);
      await paired(master);
      expect(master.process().pid).toBe(child.pid);
      const { epoch } = await looped.getAvailable();
      await master.kill();
      await master.untilRestarted(child);
      await looped.untilMoved(epoch);
      expect(master.copies()).toHaveLength(1);
      looped.close();
    },
    60_000,
    () => looped,
  );
});

describe('What the watchdogs leave behind', () => {
  scenario(
    'every death is one JSON line: name, pid, signal, reason, uptime, restart number, next delay, last words',
    async () => {
      const master = await cluster.available();
      const before = await master.kill();
      await master.untilRestarted(before);
      const file = join(cluster.dir, 'watchdog', master.name, 'watchdog.log');
      const death = await eventually(
        () =>
          readFileSync(file, 'utf8')
            .trimEnd()
            .split('\n')
            .map((line) => JSON.parse(line) as Record<string, unknown>)
            .find((event) => event.pid === before.pid && event.signal === 'SIGKILL'),
        30_000,
        'the death is written down',
      );
      expect(death).toMatchObject({
        name: master.name,
        pid: before.pid,
        signal: 'SIGKILL',
        reason: 'signal',
      });
      await cluster.untilRedundant();
    },
    30_000,
    () => cluster,
  );

  scenario(
    'no zombie, and as little memory as promised',
    async () => {
      await pairs();
      const megabytes = cluster.members.flatMap((member) =>
        member.watchdogs().map(({ pid }) => residentMegabytes(pid)),
      );
      expect(run.zombies()).toEqual([]);
      expect({ megabytes, within: holds('watchdogMemory', megabytes) }).toMatchObject({ within: true });
    },
    30_000,
    () => cluster,
  );
});
