import { afterAll, beforeAll } from '@jest/globals';
import type { Run } from '../processes/run.js';
import { Cluster, type ClusterOptions } from './cluster.js';

const upMs = 90_000;
const downMs = 60_000;

/** One cluster for all scenarios of a file, up before the first; after the last nothing of the run is left. */
export function forAll(run: Run, options: ClusterOptions, hand: (cluster: Cluster) => void): void {
  let cluster: Cluster | undefined;

  beforeAll(async () => {
    cluster = await Cluster.start(run, options);
    hand(cluster);
  }, upMs);

  endAfterAll(run, () => cluster?.close());
}

/** For a file that starts its clusters itself. */
export function endAfterAll(run: Run, close: () => void | Promise<void> = () => {}): void {
  afterAll(async () => {
    await close();
    await run.end();
  }, downMs);
}
