import { mostMasters } from '../cluster/plan.js';
import type { DefineCommand } from '../context.js';
import { Ending } from '../ending.js';
import { examples } from '../print/help.js';
import { dataFolder } from '../profile/folders.js';
import { defaultRouterPort, parseWhole } from '../settings/parse.js';

interface UpFlags {
  readonly masters?: string;
  readonly minInSync: string;
  readonly data?: string;
  readonly port: string;
  readonly host: string;
  readonly detach?: boolean;
}

const wildcards = new Set(['0.0.0.0', '::', '[::]', '*']);

export const define: DefineCommand = (program, act) =>
  program
    .command('up')
    .option('--masters <n>', 'how many masters (2; or as many as the data folder has)')
    .option('--min-in-sync <n>', 'on how many masters a post must be before it is acknowledged', '1')
    .option('--data <dir>', 'the data folder ($XDG_DATA_HOME/everline)')
    .option('--port <port>', 'of the router; the masters take the next ones', String(defaultRouterPort))
    .option('--host <host>', 'the address to listen on, and to be found at', '127.0.0.1')
    .option('-d, --detach', 'go to the background when it is ready')
    .description('bring up a whole cluster on this machine, every role under its watchdog')
    .addHelpText(
      'after',
      examples([
        'everline up',
        'everline up --masters 3 --min-in-sync 2',
        'everline up --detach && everline status',
      ]),
    )
    .action(
      act<[UpFlags]>(async (context, flags) => {
        if (wildcards.has(flags.host)) {
          throw Ending.usage(
            `--host: ${flags.host} is no address that others can be sent to: name one of this machine`,
          );
        }
        const masters =
          flags.masters === undefined ? undefined : parseWhole(flags.masters, '--masters', 1, mostMasters);
        const { runUp } = await import('../cluster/up.js');
        return runUp(context, {
          dataDir: flags.data ?? dataFolder(context.environment),
          host: flags.host,
          port: parseWhole(flags.port, '--port', 1, 65_535 - mostMasters),
          masters,
          minInSync: parseWhole(flags.minInSync, '--min-in-sync', 1, mostMasters),
          detach: flags.detach === true,
        });
      }),
    );
