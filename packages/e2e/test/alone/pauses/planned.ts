import { describe, expect } from '@jest/globals';
import { Crowd } from '../../../src/clients/crowd.js';
import type { Detour } from '../../../src/clients/desk.js';
import { disturbTimes } from '../../../src/clients/disturb.js';
import { ending } from '../../../src/clients/ending.js';
import { holds } from '../../../src/figures/figures.js';
import { often } from '../../../src/matrix.js';
import { scenario } from '../../../src/scenario.js';
import { cluster } from './cluster.js';

const times = often(5, 10);

/** Refused at the door of a process that has ended: certainly not done, and the next place is known by then. */
function atDoor({ error }: Detour): boolean {
  return error.codeName === 'UNAVAILABLE' && error.message.includes('No connection established');
}

/** Being told where to go on is no failure. */
const ways = new Set(['NOT_AVAILABLE_MASTER', 'ROLE_MOVED', 'SHUTTING_DOWN']);

function failures(crowd: Crowd): readonly Detour[] {
  return crowd.writers.flatMap(({ detours }) => detours.filter(({ error }) => !ways.has(error.reason ?? '')));
}

describe('A change that was planned', () => {
  scenario(
    `${times} switchovers under sixteen posting clients: no failed call`,
    async () => {
      const crowd = await Crowd.open(cluster(), {
        writers: 16,
        readers: 3,
        prefix: 'so-',
        patienceMs: 2_000,
      });
      crowd.startPosting({ everyMs: 5 });
      const seen = await disturbTimes(times, crowd, async () => {
        const before = await cluster().getAvailable();
        const after = await cluster().switchover();
        expect(after.masterId).not.toBe(before.masterId);
        expect(after.epoch).toBeGreaterThan(before.epoch);
      });
      const failed = failures(crowd);
      const history = await ending(crowd);
      expect(history.posts.filter(({ outcome }) => outcome !== 'acknowledged')).toEqual([]);
      expect(failed.map(({ error }) => error.message)).toEqual([]);
      holds('switchoverFailed', [failed.length]);
      const pauses = seen.map(({ pauseMs }) => pauseMs);
      expect({ pauses, within: holds('switchoverPause', pauses) }).toMatchObject({ within: true });
    },
    90_000,
    cluster,
  );

  scenario(
    `SIGTERM of the available master, ${times} times: it resigns first, its streams are told, it ends with 0 and comes back`,
    async () => {
      const crowd = await Crowd.open(cluster(), {
        writers: 16,
        readers: 3,
        prefix: 'term-',
        patienceMs: 2_000,
      });
      crowd.startPosting({ everyMs: 5 });
      const seen = await disturbTimes(times, crowd, async () => {
        const master = await cluster().available();
        const entry = master.signal('SIGTERM');
        await master.untilGone(entry);
      });
      const failed = failures(crowd).filter((detour) => !atDoor(detour));
      const told = crowd.readers.flatMap(({ resumptions }) => resumptions);
      const history = await ending(crowd);
      expect(history.posts.filter(({ outcome }) => outcome !== 'acknowledged')).toEqual([]);
      expect(failed.map(({ error }) => error.message)).toEqual([]);
      const untold = told.filter(({ error }) => error !== undefined && error.reason === undefined);
      expect(untold.map(({ error }) => error?.message)).toEqual([]);
      const pauses = seen.map(({ pauseMs }) => pauseMs);
      expect({ pauses, within: holds('terminatePause', pauses) }).toMatchObject({ within: true });
    },
    120_000,
    cluster,
  );

  scenario(
    'a switchover to a master by name goes there, and one to nobody is refused and moves nothing',
    async () => {
      const { masters } = await cluster().describe();
      const standby = masters.find(({ role }) => role === 'MASTER_ROLE_STANDBY');
      expect((await cluster().switchover(standby?.masterId)).masterId).toBe(standby?.masterId);
      const before = await cluster().getAvailable();
      await expect(cluster().switchover('nobody')).rejects.toMatchObject({ codeName: 'FAILED_PRECONDITION' });
      expect(await cluster().getAvailable()).toEqual(before);
    },
    30_000,
    cluster,
  );
});
