import { beforeAll, describe } from '@jest/globals';
import { Crowd } from '../../src/clients/crowd.js';
import { ending } from '../../src/clients/ending.js';
import { Cluster } from '../../src/cluster/cluster.js';
import { endAfterAll } from '../../src/cluster/for-all.js';
import { eventually } from '../../src/eventually.js';
import { FailingWrites, failingWrites } from '../../src/processes/failing-writes.js';
import { Run } from '../../src/processes/run.js';
import { scenarioWith } from '../../src/scenario.js';

const run = new Run('failing-writes');
let cluster: Cluster;
let writes: FailingWrites;

beforeAll(async () => {
  if (!failingWrites.there) return;
  writes = new FailingWrites(run.folder);
  cluster = await Cluster.start(run, { masters: 2, patient: true, environment: () => writes.environment });
}, 90_000);

endAfterAll(run, () => cluster?.close());

describe('M13: a disk that says it could not write', () => {
  for (const error of ['EIO', 'ENOSPC'] as const)
    for (const role of ['available', 'standby'] as const)
      scenarioWith(
        failingWrites,
        `${error} at the ${role} master: it acknowledges nothing more, the other serves, and with a sound disk it comes back`,
        async () => {
          const crowd = await Crowd.open(cluster, {
            writers: 4,
            readers: 2,
            prefix: `${error.toLowerCase()}-${role}-`,
          });
          crowd.startPosting({ everyMs: 20 });
          await crowd.untilAcknowledged(50);
          const [standby] = await cluster.standbys();
          const failing = role === 'available' ? await cluster.available() : standby;
          if (failing === undefined) throw new Error('no standby');
          const hurt = failing.process();
          writes.begin(error, `/${failing.name}/`);
          await eventually(() => failing.find()?.pid !== hurt.pid, 20_000, 'the process has ended');
          await crowd.untilAcknowledged(50);
          writes.end();
          await cluster.untilRedundant();
          await crowd.untilAcknowledged(50);
          await ending(crowd);
        },
        60_000,
        () => cluster,
      );
});
