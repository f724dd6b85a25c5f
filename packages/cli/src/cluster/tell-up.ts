import { systemClock } from '@everline/chassis/clock';
import type { ClusterStatus } from '@everline/client';
import type { Context } from '../context.js';
import { invocation } from '../invocation.js';
import { type RunningRole, type Summary, summaryText, summaryValue } from '../print/summary.js';
import { dataFolder } from '../profile/folders.js';
import { defaultRouterPort } from '../settings/parse.js';
import { holderOf } from './holders.js';
import { type ClusterPlan, rolesOf } from './plan.js';

interface HowUp {
  readonly readyMs?: number;
  readonly already?: boolean;
  readonly detached: boolean;
}

/** What runs where, and how to go on. */
export async function tellUp(
  context: Context,
  plan: ClusterPlan,
  status: ClusterStatus,
  how: HowUp,
): Promise<void> {
  const { environment, settings } = context;
  const roles = await Promise.all(
    rolesOf(plan).map(async ({ name, address, dataDir }): Promise<RunningRole> => {
      const holder = await holderOf(dataDir, systemClock);
      return {
        name,
        address,
        pid: holder?.pid,
        master: status.masters.find((one) => one.address === address && one.alive),
      };
    }),
  );
  const summary: Summary = {
    roles,
    routerFlag: plan.router.address === `127.0.0.1:${defaultRouterPort}` ? undefined : plan.router.address,
    dataDir: plan.dataDir,
    dataFlag: plan.dataDir === dataFolder(environment) ? undefined : plan.dataDir,
    command: invocation(environment, process.cwd(), process.argv[1] ?? 'everline'),
    liveCopies: status.liveCopies,
    minInSync: status.minInSync,
    readyMs: how.readyMs,
    already: how.already === true,
    detached: how.detached,
  };
  context.data(settings.quiet ? '' : summaryText(summary, context.style), summaryValue(summary));
}
