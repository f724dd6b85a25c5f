import { withClient } from '../client.js';
import type { Context } from '../context.js';
import { Ending, type ExitCode, exitCodes } from '../ending.js';
import { formatAddress } from '../settings/parse.js';
import { readDescriptor } from './descriptor.js';
import { type ClusterWish, planCluster } from './plan.js';
import { tellUp } from './tell-up.js';

const patienceMs = 2_000;

/** Says what runs where: with 0 when it serves and is what was asked for, else with 1 and why. */
export async function alreadyUp(
  context: Context,
  asked: ClusterWish,
  pid: number | undefined,
): Promise<ExitCode> {
  const known = readDescriptor(asked.dataDir) ?? asked;
  const plan = planCluster(known);
  const who = pid === undefined ? '' : ` (everline up, pid ${pid})`;
  const options = { routers: [plan.router.address], timeoutMs: patienceMs };
  const status = await withClient(context, (client) => client.cluster(), options).catch((error: unknown) => {
    if (!(error instanceof Ending) || error.exitCode !== exitCodes.unreachable) throw error;
    throw Ending.refused(
      `a cluster of ${asked.dataDir} is starting or ending${who}; its router does not answer yet`,
    );
  });
  if (!status.masters.some(({ role, alive }) => role === 'available' && alive)) {
    throw Ending.refused(
      `a cluster of ${asked.dataDir} is starting or ending${who}; no master is available yet`,
    );
  }
  await tellUp(context, plan, status, { already: true, detached: pid === undefined });
  if (same(known, asked)) return exitCodes.done;
  throw Ending.refused(
    `it runs with other settings than these, at ${formatAddress(known.host, known.routerPort)}: \`everline down\` first`,
  );
}

function same(known: ClusterWish, asked: ClusterWish): boolean {
  return (
    known.host === asked.host &&
    known.routerPort === asked.routerPort &&
    known.masterPorts.length === asked.masterPorts.length &&
    known.minInSync === asked.minInSync
  );
}
