import type { DefineCommand } from '../context.js';
import { Ending } from '../ending.js';
import { examples } from '../print/help.js';

/** Named here for the help; main.ts hands `everline router …` to the role itself. */
export const define: DefineCommand = (program, act) =>
  program
    .command('router')
    .description('run a router in the foreground; `router recover` rebuilds its lost state')
    .allowUnknownOption()
    .allowExcessArguments()
    .addHelpText(
      'after',
      examples([
        'everline router --data /var/lib/everline/router',
        'everline router recover --data /var/lib/everline/router',
        'everline router --help',
      ]),
    )
    .action(
      act(async () => {
        throw Ending.usage('flags of a role follow its name: everline router [options]');
      }),
    );
