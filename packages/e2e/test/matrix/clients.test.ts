import { describe, expect } from '@jest/globals';
import { Couple } from '../../src/clients/couple.js';
import { Crowd } from '../../src/clients/crowd.js';
import { ending } from '../../src/clients/ending.js';
import { LazyReader } from '../../src/clients/lazy-reader.js';
import type { Cluster } from '../../src/cluster/cluster.js';
import { forAll } from '../../src/cluster/for-all.js';
import { elapsed, eventually } from '../../src/eventually.js';
import { holds } from '../../src/figures/figures.js';
import { often } from '../../src/matrix.js';
import { openDescriptors, ownMegabytes } from '../../src/processes/census.js';
import { Run } from '../../src/processes/run.js';
import { scenario } from '../../src/scenario.js';

const run = new Run('clients');
let cluster: Cluster;

forAll(run, { masters: 2, guarded: false, patient: true }, (started) => {
  cluster = started;
});

/** By their number in the kernel, which no other has. */
async function socketsOfAvailable(): Promise<readonly string[]> {
  const { pid } = (await cluster.available()).process();
  return openDescriptors(pid).filter((target) => target.startsWith('socket:'));
}

describe('Clients that are stopped with SIGSTOP', () => {
  const forLong = often(0, 1) === 1;
  scenario(
    `and come back with SIGCONT${forLong ? ', after their connections were freed' : ''}: they post and read on, nothing twice and nothing missing; nobody else waits`,
    async () => {
      const crowd = await Crowd.open(cluster, { writers: 4, readers: 2, prefix: 'beside-' });
      crowd.startPosting({ everyMs: 20 });
      const before = await socketsOfAvailable();
      const couple = await Couple.start(run, cluster.router.address, { prefix: 'frozen' });
      const since = (await socketsOfAvailable()).filter((socket) => !before.includes(socket));
      expect(since.length).toBeGreaterThanOrEqual(2);
      const frozenMs = performance.now();
      couple.freeze();
      if (forLong) {
        await eventually(
          async () => {
            const open = await socketsOfAvailable();
            return since.filter((socket) => open.includes(socket)).length <= since.length - 2;
          },
          40_000,
          'the master has freed the connections of those who are frozen',
        );
        const freed = [performance.now() - frozenMs];
        expect({ freed, within: holds('frozenClients', freed) }).toMatchObject({ within: true });
      } else await elapsed(3_000);
      await crowd.untilAcknowledged(50);
      const thawedMs = performance.now();
      couple.thaw();
      await couple.untilMore(1, 30_000);
      const resumed = [performance.now() - thawedMs];
      await couple.finish();
      await ending(crowd);
      expect({ resumed, within: holds('thawedClients', resumed) }).toMatchObject({ within: true });
    },
    90_000,
    () => cluster,
  );
});

describe('A reader that takes nothing', () => {
  const posts = often(1_000, 10_000);
  scenario(
    `while ${posts} large posts are written: those who post do not wait, the master does not grow, and it gets all of them in order from where it is told to go on`,
    async () => {
      const crowd = await Crowd.open(cluster, { writers: 8, readers: 2, prefix: 'large-' });
      const { address } = await cluster.available();
      const lazy = new LazyReader(address, crowd.witness);
      await lazy.untilCaughtUp();
      lazy.pause();
      const { pid } = (await cluster.available()).process();
      const beforeMb = ownMegabytes(pid);
      const fromMs = performance.now();
      const text = 'x'.repeat(3_000);
      await Promise.all(
        crowd.writers.map(async (writer) => {
          for (let number = 0; number < posts / crowd.writers.length; number += 1)
            await writer.post(`${text} ${number}`);
        }),
      );
      const pauseMs = crowd.longestPauseMs(fromMs);
      const grownMb = ownMegabytes(pid) - beforeMb;
      const held = lazy.taken.length;
      await lazy.takeAll(posts);
      const { order } = await ending(crowd);
      expect(held).toBeLessThan(posts / 2);
      expect(lazy.taken.map(({ post }) => post.seq)).toEqual(order.map(({ seq }) => seq));
      expect({
        pauseMs,
        waits: holds('slowReaderPause', [pauseMs]),
        grownMb,
        grows: holds('slowReaderMemory', [grownMb]),
      }).toMatchObject({ waits: true, grows: true });
    },
    120_000,
    () => cluster,
  );
});
