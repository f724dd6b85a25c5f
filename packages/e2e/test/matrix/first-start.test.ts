import { describe } from '@jest/globals';
import { Cluster } from '../../src/cluster/cluster.js';
import { endAfterAll } from '../../src/cluster/for-all.js';
import { elapsed, within } from '../../src/eventually.js';
import { lots, often, seed } from '../../src/matrix.js';
import type { Child } from '../../src/processes/child.js';
import { Run } from '../../src/processes/run.js';
import { scenario } from '../../src/scenario.js';

const run = new Run('first-start');
let cluster: Cluster | undefined;

endAfterAll(run, () => cluster?.close());

const times = often(2, 50);
/** Longer than a first start takes on a quiet machine. */
const startMs = 900;

async function endAll(children: readonly (Child | undefined)[], signal: NodeJS.Signals): Promise<void> {
  for (const child of children) child?.signal(signal);
  for (const child of children)
    if (child !== undefined) await within(child.exited, 15_000, `${signal} ends it`);
}

describe('The very first start', () => {
  scenario(
    `is killed at any moment, of some roles or of all, ${times} times: started again, the cluster stands (seed ${seed})`,
    async () => {
      const lot = lots();
      for (let time = 0; time < times; time += 1) {
        cluster = await Cluster.plan(run, { masters: 2, guarded: false, patient: true });
        cluster.startAll();
        await elapsed(lot() * startMs);
        await endAll(
          cluster.members.filter(() => lot() < 0.7).map(({ started }) => started),
          'SIGKILL',
        );
        for (const member of cluster.members) if (member.started?.exit !== undefined) member.start();
        await cluster.untilRedundant();
        await endAll(
          cluster.members.map(({ started }) => started),
          'SIGTERM',
        );
        cluster.close();
      }
    },
    times * 15_000,
    () => cluster,
  );
});
