import { resolve } from 'node:path';
import { systemClock } from '@everline/chassis/clock';
import { readDescriptor } from '../cluster/descriptor.js';
import { holderOf } from '../cluster/holders.js';
import { type ClusterPlan, planCluster, rolesOf } from '../cluster/plan.js';
import type { Context } from '../context.js';
import { Ending } from '../ending.js';
import { namesRouters } from '../settings/settings.js';

/** The cluster that `everline up` runs here, by its data folder. Nothing else is ever sent a signal. */
export async function localCluster({ settings }: Context, folder: string): Promise<ClusterPlan> {
  const dataDir = resolve(folder);
  const known = readDescriptor(dataDir);
  if (known === undefined) {
    throw Ending.refused(
      `--kill: \`everline up\` has brought up no cluster in ${dataDir}: name its folder with --data`,
    );
  }
  const plan = planCluster(known);
  const { address } = plan.router;
  if (namesRouters(settings) && !settings.routers.includes(address)) {
    throw Ending.refused(
      `--kill: the cluster in ${dataDir} has its router at ${address}, not at ${settings.routers.join(', ')}: only a cluster of this machine is killed`,
    );
  }
  const holders = await Promise.all(rolesOf(plan).map((role) => holderOf(role.dataDir, systemClock)));
  const missing = rolesOf(plan).find((_, index) => holders[index] === undefined);
  if (missing !== undefined) {
    throw Ending.refused(`--kill: ${missing.name} of ${dataDir} does not run: \`everline up\` first`);
  }
  return plan;
}
