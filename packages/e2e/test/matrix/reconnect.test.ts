import { randomUUID } from 'node:crypto';
import { beforeAll, describe, expect } from '@jest/globals';
import { askAvailable } from '../../src/clients/ask.js';
import { Throng } from '../../src/clients/throng.js';
import { Cluster } from '../../src/cluster/cluster.js';
import { endAfterAll } from '../../src/cluster/for-all.js';
import { holds, measured } from '../../src/figures/figures.js';
import { often } from '../../src/matrix.js';
import { residentMegabytes } from '../../src/processes/census.js';
import { Run } from '../../src/processes/run.js';
import { scenario } from '../../src/scenario.js';

const run = new Run('reconnect');
let cluster: Cluster;

beforeAll(async () => {
  cluster = await Cluster.start(run, { masters: 2, guarded: false });
  for (const username of ['author', 'many'])
    await askAvailable(cluster, 'everline.sns.v1.SnsService/Login', { username });
  await askAvailable(cluster, 'everline.sns.v1.SnsService/Follow', { username: 'many', followee: 'author' });
}, 90_000);

endAfterAll(run, () => cluster?.close());

const readers = often(300, 5_000);
const perConnection = 50;
const mostMegabytes = 400;

/** The available master may have changed a moment ago: the same id is asked again. */
async function post(text: string): Promise<number> {
  const request = { username: 'author', postId: randomUUID(), text };
  for (let tries = 1; ; tries += 1) {
    try {
      return (await askAvailable(cluster, 'everline.sns.v1.SnsService/Post', request)).post.seq;
    } catch (error) {
      if (tries === 20) throw error;
    }
  }
}

describe('Readers who all lose their master', () => {
  scenario(
    `${readers} come at once, lose it, and come back at once: the role stays where it is, all are live again, and each has every post`,
    async () => {
      const throng = new Throng('many', readers, perConnection);
      run.atEnd(() => throng.close());
      const { address, epoch } = await cluster.getAvailable();
      throng.open(address);
      await throng.untilLive(20_000);
      const seqs: number[] = [];
      for (let number = 1; number <= 3; number += 1) seqs.push(await post(`before, ${number}`));
      await throng.untilTaken(seqs.length, 20_000);
      // Nobody was taken for dead because of the crowd.
      expect((await cluster.getAvailable()).epoch).toBe(epoch);

      const dead = await cluster.available();
      await dead.kill();
      dead.start();
      const next = await cluster.untilMoved(epoch);
      seqs.push(await post('while they are away'));
      const fromMs = performance.now();
      throng.open(next.address);
      await throng.untilLive(20_000);
      const tookMs = performance.now() - fromMs;
      for (let number = 1; number <= 3; number += 1) seqs.push(await post(`after, ${number}`));
      await throng.untilTaken(seqs.length, 20_000);
      expect((await cluster.getAvailable()).epoch).toBe(next.epoch);
      const megabytes = residentMegabytes(cluster.at(next.address).process().pid);
      for (const member of throng.members) expect(member).toMatchObject({ seqs, breaks: [] });
      throng.close();
      await cluster.untilRedundant();
      measured('reconnectMemory', [megabytes]);
      expect(megabytes).toBeLessThan(mostMegabytes);
      expect({ tookMs, within: holds('reconnected', [tookMs]) }).toMatchObject({ within: true });
    },
    90_000,
    () => cluster,
  );
});
