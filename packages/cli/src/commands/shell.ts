import type { DefineCommand } from '../context.js';
import { Ending } from '../ending.js';
import { examples } from '../print/help.js';
import { defaultRouterPort, formatAddress, parseRouters, parseWhole } from '../settings/parse.js';

interface ShellFlags {
  readonly host?: string;
  readonly port?: string;
}

const defaultUser = 'default';

export const define: DefineCommand = (program, act) =>
  program
    .command('shell')
    .option('-h, --host <host>', 'of the router (localhost)')
    .option('-p, --port <port>', `of the router (${defaultRouterPort})`)
    .description('the interactive Tiny SNS client: FOLLOW, UNFOLLOW, LIST, TIMELINE')
    .addHelpText('after', examples(['everline shell -u u1', 'everline shell -h localhost -p 3010 -u u1']))
    .action(
      act<[ShellFlags]>(async (context, { host, port }) => {
        const { settings } = context;
        const named = host !== undefined || port !== undefined;
        if (named && settings.routersFrom === 'flag')
          throw Ending.usage('--router names host and port already');
        const routers = named ? routerAt(host ?? 'localhost', port) : settings.routers;
        const { runShell } = await import('../shell/run.js');
        return runShell(context, { routers, user: settings.user?.name ?? defaultUser });
      }),
    );

function routerAt(host: string, port: string | undefined): readonly string[] {
  const number = port === undefined ? defaultRouterPort : parseWhole(port, '--port', 1, 65_535);
  return parseRouters(formatAddress(host.replace(/^\[|\]$/g, ''), number), '--host');
}
