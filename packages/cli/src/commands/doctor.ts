import { systemClock } from '@everline/chassis/clock';
import { withClient } from '../client.js';
import type { Context, DefineCommand } from '../context.js';
import { checkClock } from '../doctor/clock.js';
import { judgeCluster } from '../doctor/cluster.js';
import { checkDisk } from '../doctor/disk.js';
import { type Finding, fault, note, ok } from '../doctor/finding.js';
import { checkNode } from '../doctor/node.js';
import { checkPorts } from '../doctor/ports.js';
import { checkProfile } from '../doctor/profile.js';
import { checkStorage } from '../doctor/storage.js';
import { Ending, type ExitCode, exitCodes } from '../ending.js';
import { findingText } from '../print/doctor.js';
import { examples } from '../print/help.js';
import { dataFolder } from '../profile/folders.js';
import { defaultRouterPort, parseWhole } from '../settings/parse.js';

interface DoctorFlags {
  readonly data?: string;
  readonly host: string;
  readonly port: string;
}

/** The router and the two masters of `everline up`. */
const portsOfUp = 3;
/** A cluster on this machine answers in a few; nobody waits ten seconds to be told that none runs. */
const patienceMs = 2_000;

export const define: DefineCommand = (program, act) =>
  program
    .command('doctor')
    .option('--data <dir>', 'the data folder of the cluster ($XDG_DATA_HOME/everline)')
    .option('--host <host>', 'where `up` would listen', '127.0.0.1')
    .option('--port <port>', 'from which port on', String(defaultRouterPort))
    .description('check the installation, ports, clock, disk, and a running cluster')
    .addHelpText('after', examples(['everline doctor', 'everline doctor --router 10.0.0.5:3010']))
    .action(
      act<[DoctorFlags]>(async (context, flags) => {
        const port = parseWhole(flags.port, '--port', 1, 65_535 - portsOfUp + 1);
        const ports = Array.from({ length: portsOfUp }, (_, index) => port + index);
        const cluster = await clusterFindings(context);
        const runs = cluster.some(({ level }) => level !== 'note');
        return tell(context, [
          checkNode(process.version),
          await checkStorage(),
          checkProfile(context.profilePath),
          ...checkDisk(flags.data ?? dataFolder(context.environment), () => systemClock.nowMs()),
          ...(await checkClock(systemClock)),
          ...(await checkPorts(flags.host, ports, runs)),
          ...cluster,
        ]);
      }),
    );

async function clusterFindings(context: Context): Promise<readonly Finding[]> {
  const { routers, timeoutMs } = context.settings;
  const options = { timeoutMs: Math.min(timeoutMs, patienceMs) };
  try {
    const status = await withClient(context, (client) => client.cluster(options));
    return [ok('cluster', `the router at ${routers.join(', ')} answers`), ...judgeCluster(status)];
  } catch (error) {
    if (!(error instanceof Ending) || error.exitCode === exitCodes.interrupted) throw error;
    if (error.exitCode !== exitCodes.unreachable) {
      return [
        fault('cluster', `the router at ${routers.join(', ')} refused: ${error.message}`, 'see its log'),
      ];
    }
    return [
      note(
        'cluster',
        `no cluster answers at ${routers.join(', ')}`,
        'everline up, or --router with its address',
      ),
    ];
  }
}

function tell(context: Context, findings: readonly Finding[]): ExitCode {
  for (const finding of findings) context.data(findingText(finding, context.style), finding);
  return findings.some(({ level }) => level === 'fault') ? exitCodes.refused : exitCodes.done;
}
