import { cpSync, readFileSync, renameSync } from 'node:fs';
import { describe, expect } from '@jest/globals';
import { Crowd } from '../../src/clients/crowd.js';
import { ending } from '../../src/clients/ending.js';
import type { Cluster } from '../../src/cluster/cluster.js';
import { forAll } from '../../src/cluster/for-all.js';
import type { Member } from '../../src/cluster/member.js';
import { eventually, within } from '../../src/eventually.js';
import { fileIn, flip, keep, tear } from '../../src/processes/damage.js';
import { Run } from '../../src/processes/run.js';
import { scenario } from '../../src/scenario.js';

/** A share of the router's state: in its text, which is a thousand bytes and more, and holds two copies of it. */
const inFirstCopy = 0.003;

const run = new Run('damage');
let cluster: Cluster;

forAll(run, { masters: 2, guarded: false, patient: true }, (started) => {
  cluster = started;
});

/** People post; the standby is killed, something happens to its files, and it is started again. */
async function between(
  prefix: string,
  happen: (standby: Member) => void | Promise<void>,
): Promise<'refused' | 'right'> {
  const crowd = await Crowd.open(cluster, { writers: 4, readers: 2, prefix });
  crowd.startPosting({ everyMs: 50 });
  await crowd.untilAcknowledged(100);
  const [standby] = await cluster.standbys();
  if (standby === undefined) throw new Error('no standby');
  const before = await cluster.describe();
  await standby.kill();
  await happen(standby);
  await crowd.untilAcknowledged(50);
  const child = standby.start();
  const redundant = cluster.untilRedundant(before).then(() => 'right' as const);
  redundant.catch(() => {});
  const verdict = await Promise.race([redundant, child.exited.then(() => 'refused' as const)]);
  if (verdict === 'refused') {
    expect(readFileSync(standby.logFile, 'utf8')).toContain('--reset-from-peers');
    standby.start(['--reset-from-peers']);
  }
  await cluster.untilRedundant(before);
  await crowd.untilAcknowledged(50);
  await ending(crowd);
  return verdict;
}

function row(title: string, play: () => Promise<void>): void {
  scenario(title, play, 60_000, () => cluster);
}

describe('Files that change between a kill and the next start', () => {
  row('the end of the journal is torn: what is missing is fetched', async () => {
    await between('torn-', (standby) => tear(fileIn(standby.dataDir, '.journal'), 7));
  });

  row(
    'a bit in the middle of the journal: it is right, or it refuses and fetches everything anew',
    async () => {
      await between('middle-', (standby) => flip(fileIn(standby.dataDir, '.journal'), 0.5));
    },
  );

  row(
    'of the database only the first pages are left: it refuses, names the remedy, and the remedy works',
    async () => {
      expect(await between('short-', (standby) => keep(fileIn(standby.dataDir, 'data.mdb'), 8_192))).toBe(
        'refused',
      );
    },
  );

  row(
    'a bit in the middle of the database: it is right, or it refuses and fetches everything anew',
    async () => {
      await between('page-', (standby) => flip(fileIn(standby.dataDir, 'data.mdb'), 0.5));
    },
  );

  row('the directory is gone: a new master joins', async () => {
    const ids = (await cluster.describe()).masters.map(({ masterId }) => masterId);
    expect(await between('gone-', (standby) => standby.wipe())).toBe('right');
    expect((await cluster.describe()).masters.some(({ masterId }) => !ids.includes(masterId))).toBe(true);
  });

  row('the directory is that of an old backup: it never serves with less than was acknowledged', async () => {
    const [standby] = await cluster.standbys();
    if (standby === undefined) throw new Error('no standby');
    const backup = run.path('backup');
    await standby.kill();
    cpSync(standby.dataDir, backup, { recursive: true });
    standby.start();
    await cluster.untilRedundant();
    await between('old-', (now) => {
      expect(now).toBe(standby);
      standby.wipe();
      cpSync(backup, standby.dataDir, { recursive: true });
    });
  });

  row(
    'the router’s state has a flipped bit in one of its copies: the other is taken; in both: it refuses with 78, and, moved away, --recover rebuilds it from the masters',
    async () => {
      const crowd = await Crowd.open(cluster, { writers: 4, readers: 2, prefix: 'router-' });
      crowd.startPosting({ everyMs: 50 });
      await crowd.untilAcknowledged(50);
      const { clusterId } = await cluster.describe();
      await cluster.router.kill();
      const state = fileIn(cluster.router.dataDir, 'state');
      flip(state, inFirstCopy);
      cluster.router.start();
      await eventually(() => cluster.describe(500), 30_000, 'the router answers');
      await crowd.untilAcknowledged(50);
      await cluster.router.kill();
      flip(state, inFirstCopy);
      flip(state, 0.5 + inFirstCopy);
      const { code } = await within(cluster.router.start().exited, 20_000, 'the router refuses');
      expect(code).toBe(78);
      expect(readFileSync(cluster.router.logFile, 'utf8')).toContain('recover');
      renameSync(state, `${state}-damaged`);
      cluster.router.start(['--recover']);
      await eventually(() => cluster.describe(500), 30_000, 'the router answers');
      await cluster.untilRedundant();
      expect((await cluster.describe()).clusterId).toBe(clusterId);
      await crowd.untilAcknowledged(50);
      await ending(crowd);
    },
  );
});
