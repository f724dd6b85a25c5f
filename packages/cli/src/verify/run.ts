import { endingOf } from '../client.js';
import type { Context } from '../context.js';
import { Ending, type ExitCode, exitCodes } from '../ending.js';
import { VerifyReport } from '../print/verify.js';
import { localCluster } from './local-cluster.js';
import { Session } from './session.js';
import type { VerifyWish } from './wish.js';

/** 0: every promise was kept; 1: one broke, and here is what proves it; 69: the cluster did not answer; 130: Ctrl-C. */
export async function runVerify(context: Context, wish: VerifyWish): Promise<ExitCode> {
  const { interrupted } = context.terminal;
  const plan = wish.kill === undefined ? undefined : await localCluster(context, wish.kill.dataDir);
  const report = new VerifyReport(context);
  const leave = new AbortController();
  let session: Session | undefined;
  try {
    await using opened = await Session.open({ context, wish, plan, report, leave });
    session = opened;
    await session.write();
    await session.finish();
    report.end(session.figures(), session.findings);
    if (session.findings.length > 0) return exitCodes.refused;
    return interrupted.aborted ? exitCodes.interrupted : exitCodes.done;
  } catch (error) {
    if (session !== undefined) report.abandon(session.figures());
    const { reason } = leave.signal;
    throw reason instanceof Ending ? reason : await endingOf(error, context);
  }
}
