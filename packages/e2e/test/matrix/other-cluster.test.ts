import { describe, expect } from '@jest/globals';
import { Couple } from '../../src/clients/couple.js';
import { Cluster } from '../../src/cluster/cluster.js';
import { endAfterAll } from '../../src/cluster/for-all.js';
import { elapsed } from '../../src/eventually.js';
import { often } from '../../src/matrix.js';
import { Run } from '../../src/processes/run.js';
import { scenario } from '../../src/scenario.js';
import { everline } from '../../src/terminal/everline.js';
import { Peer } from '../../src/wire/peer.js';

const run = new Run('other-cluster');
let own: Cluster | undefined;
let other: Cluster | undefined;

endAfterAll(run, () => {
  own?.close();
  other?.close();
});

/** Longer than a client waits between two looks at its router. */
const visitMs = often(3_000, 12_000);

async function killAll(cluster: Cluster): Promise<void> {
  await Promise.all(cluster.members.map((member) => member.kill()));
}

/** Everything that is known of a user there. */
async function timelineOf(router: string, user: string): Promise<string> {
  const args = ['timeline', '--user', user, '--own', '--json', '--router', router];
  return (await everline(run, args)).stdout;
}

describe('Ports that another cluster uses meanwhile', () => {
  scenario(
    'with the same users on it: a client neither posts nor reads there, says why, and goes on with its own when that is back',
    async () => {
      own = await Cluster.start(run, { masters: 2, guarded: false, patient: true });
      const router = own.router.address;
      const couple = await Couple.start(run, router, { prefix: 'mine', everyMs: 50 });
      await killAll(own);
      other = await Cluster.plan(run, { masters: 2, guarded: false, patient: true, at: own });
      other.startAll();
      await other.untilRedundant();
      // As many reigns as the first one had, and more: nobody may tell them by their epochs.
      await other.switchover();
      await other.switchover();
      for (const user of ['mine-talker', 'mine-listener'])
        await everline(run, ['login', user, '--user', user, '--router', router]);
      await everline(run, ['follow', 'mine-talker', '--user', 'mine-listener', '--router', router]);
      const { posted, read } = couple;
      await elapsed(visitMs);
      expect(couple).toMatchObject({ posted, read });
      expect(await timelineOf(router, 'mine-talker')).toBe('');
      await killAll(other);
      for (const member of own.members) member.start();
      await own.untilRedundant();
      await couple.untilMore(5, 30_000);
      await couple.finish();
    },
    90_000,
    () => other ?? own,
  );

  scenario(
    'a master turns away who comes for another cluster, with the reason and its own',
    async () => {
      const cluster = own ?? (await Cluster.start(run, { masters: 2, guarded: false, patient: true }));
      own = cluster;
      const { clusterId } = await cluster.describe();
      expect(await cluster.getAvailable()).toMatchObject({ clusterId });
      const peer = new Peer((await cluster.available()).address);
      const call = (metadata: Record<string, string>) =>
        peer.call('everline.sns.v1.SnsService/List', { username: 'mine-talker' }, { metadata });
      await expect(call({ 'everline-cluster-id': 'another' })).rejects.toMatchObject({
        codeName: 'UNAVAILABLE',
        reason: 'OTHER_CLUSTER',
        metadata: { cluster_id: clusterId },
      });
      await expect(call({ 'everline-cluster-id': clusterId })).resolves.toBeDefined();
      await expect(call({})).resolves.toBeDefined();
      peer.close();
    },
    30_000,
    () => own,
  );
});
