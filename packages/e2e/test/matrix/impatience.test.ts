import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect } from '@jest/globals';
import { Crowd } from '../../src/clients/crowd.js';
import { ending } from '../../src/clients/ending.js';
import { Cluster } from '../../src/cluster/cluster.js';
import { forAll } from '../../src/cluster/for-all.js';
import type { Member } from '../../src/cluster/member.js';
import { elapsed, eventually } from '../../src/eventually.js';
import { holds } from '../../src/figures/figures.js';
import { often } from '../../src/matrix.js';
import { type ProcessEntry, signalProcess } from '../../src/processes/census.js';
import { Run } from '../../src/processes/run.js';
import { scenario } from '../../src/scenario.js';

const run = new Run('impatience');
let cluster: Cluster;

forAll(run, { masters: 2, patient: true }, (started) => {
  cluster = started;
});

/** A process has no longer than this to end, whatever it was in the middle of. */
const graceMs = 10_000;

async function crowdOf(prefix: string): Promise<Crowd> {
  const crowd = await Crowd.open(cluster, { writers: 6, readers: 2, prefix, patienceMs: 1_000 });
  crowd.startPosting({ everyMs: 20 });
  await crowd.untilAcknowledged(50);
  return crowd;
}

/** SIGTERM, and again while it is about to end. */
async function terminateAgainAndAgain(member: Member): Promise<ProcessEntry> {
  const entry = member.signal('SIGTERM');
  for (let time = 0; time < 4; time += 1) {
    await elapsed(5);
    signalProcess(entry, 'SIGTERM');
  }
  await member.untilGone(entry, graceMs);
  return entry;
}

/** What its watchdog wrote down of a death. */
function deathOf(member: Member, { pid }: ProcessEntry): Promise<{ code: number | null }> {
  const file = join(cluster.dir, 'watchdog', member.name, 'watchdog.log');
  return eventually(
    () =>
      readFileSync(file, 'utf8')
        .trimEnd()
        .split('\n')
        .map((line) => JSON.parse(line) as { event: string; pid: number; code: number | null })
        .find((event) => event.event === 'death' && event.pid === pid),
    30_000,
    `the death of ${member.name} is written down`,
  );
}

describe('SIGTERM', () => {
  scenario(
    'again and again within milliseconds, to every role: it ends, in order or at once, and what was acknowledged is kept',
    async () => {
      const crowd = await crowdOf('twice-');
      const pauses: number[] = [];
      const [standby] = await cluster.standbys();
      for (const member of [await cluster.available(), standby ?? cluster.router, cluster.router]) {
        const before = await cluster.describe();
        const fromMs = performance.now();
        const entry = await terminateAgainAndAgain(member);
        // A second one means now: 128 and its number.
        expect([0, 143]).toContain((await deathOf(member, entry)).code);
        await member.untilRestarted(entry);
        await eventually(() => cluster.describe(500), 30_000, 'the router answers');
        await cluster.untilRedundant(member === cluster.router ? undefined : before);
        await crowd.untilAcknowledged(50);
        pauses.push(crowd.longestPauseMs(fromMs));
      }
      const { posts } = await ending(crowd);
      expect(posts.filter(({ outcome }) => outcome !== 'acknowledged')).toEqual([]);
      expect({ pauses, within: holds('impatientPause', pauses) }).toMatchObject({ within: true });
    },
    60_000,
    () => cluster,
  );

  const rounds = often(2, 10);
  scenario(
    `to a master that is just being made available, ${rounds} times: it ends within its grace, and the role stands where somebody serves`,
    async () => {
      const crowd = await crowdOf('heir-');
      for (let round = 0; round < rounds; round += 1) {
        const before = await cluster.describe();
        (await cluster.available()).signal('SIGKILL');
        const { address, epoch } = await cluster.untilMoved(before.epoch);
        const heir = cluster.at(address);
        const entry = heir.signal('SIGTERM');
        await heir.untilGone(entry, graceMs);
        await crowd.untilAcknowledged(50);
        await cluster.untilRedundant(before);
        expect((await cluster.getAvailable()).epoch).toBeGreaterThan(epoch - 1);
      }
      const { posts } = await ending(crowd);
      expect(posts.filter(({ outcome }) => outcome !== 'acknowledged')).toEqual([]);
    },
    30_000 + rounds * 10_000,
    () => cluster,
  );
});

function isAnother(now: ProcessEntry | undefined, before: ProcessEntry): boolean {
  return now !== undefined && now.pid !== before.pid;
}

type Ill = 'the available master' | 'a standby' | 'the router';

async function illOf(cluster: Cluster, ill: Ill): Promise<Member> {
  if (ill === 'the router') return cluster.router;
  const [standby] = await cluster.standbys();
  if (standby === undefined) throw new Error('no standby');
  return ill === 'a standby' ? standby : cluster.available();
}

describe.each<Ill>(
  often(1, 3) === 1 ? ['the available master'] : ['the available master', 'a standby', 'the router'],
)('W5: %s that dies again and again as soon as it is ready', (role) => {
  let flapping: Cluster | undefined;

  scenario(
    'is held back by its watchdog, the others serve on in one reign, and when it lives it is in sync again',
    async () => {
      const heldMs = often(3_000, 30_000);
      // However long a slow machine needs from one death to the next: their number is what counts here, not their pace.
      const pace = ['--within-ms', '600000', '--forget-ms', '600000'];
      const watchdogFlags = ['--max-deaths', '5', ...pace, '--held-ms', String(heldMs)];
      flapping = await Cluster.start(run, { masters: 2, patient: true, watchdogFlags });
      const cluster = flapping;
      const crowd = await Crowd.open(cluster, { writers: 6, readers: 2 });
      crowd.startPosting({ everyMs: 20 });
      const before = await cluster.getAvailable();
      const ill = await illOf(cluster, role);
      // Who had the role loses it once, at its first death, and comes back as a standby (R6).
      const epoch = before.epoch + (role === 'the available master' ? 1 : 0);
      const log = join(cluster.dir, 'watchdog', ill.name, 'watchdog.log');
      const held = (): boolean => readFileSync(log, 'utf8').includes('"event":"held"');
      const fromMs = performance.now();
      let deaths = 0;
      let whole = await cluster.describe();
      for (;;) {
        const entry = await ill.kill();
        deaths += 1;
        await eventually(() => held() || isAnother(ill.find(), entry), 20_000, 'it is held, or runs again');
        if (held()) break;
        await eventually(() => cluster.describe(500), 30_000, 'the router answers');
        whole = await cluster.untilRedundant(role === 'the router' ? undefined : whole);
        expect(whole.epoch).toBe(epoch);
      }
      const told = readFileSync(log, 'utf8').trimEnd().split('\n');
      const events = told.map((line) => JSON.parse(line) as Record<string, number> & { event: string });
      const uptimeMs = events.findLast(({ event }) => event === 'death')?.uptimeMs ?? Number.NaN;
      const delayMs = events.findLast(({ event }) => event === 'held')?.nextDelayMs ?? Number.NaN;
      expect(delayMs).toBeGreaterThanOrEqual(Math.max(100, heldMs - uptimeMs - 1));
      await crowd.untilAcknowledged(100);
      const pauseMs = crowd.longestPauseMs(fromMs);
      expect(deaths).toBe(6);
      await eventually(() => cluster.describe(500), heldMs + 30_000, 'the router answers');
      expect((await cluster.getAvailable()).epoch).toBe(epoch);
      await cluster.untilRedundant();
      const { posts } = await ending(crowd);
      expect(posts.filter(({ outcome }) => outcome !== 'acknowledged')).toEqual([]);
      expect({ pauseMs, within: holds('flappingPause', [pauseMs]) }).toMatchObject({ within: true });
      cluster.close();
    },
    150_000,
    () => flapping,
  );
});
