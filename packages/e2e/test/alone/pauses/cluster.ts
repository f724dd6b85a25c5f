import type { Cluster } from '../../../src/cluster/cluster.js';
import { forAll } from '../../../src/cluster/for-all.js';
import { Run } from '../../../src/processes/run.js';

let one: Cluster | undefined;

forAll(new Run('pauses'), { masters: 2 }, (started) => {
  one = started;
});

/** The same for all of them: who measures pauses measures them of a cluster that has seen something. */
export function cluster(): Cluster {
  if (one === undefined) throw new Error('the cluster is not up yet');
  return one;
}
