import type { DefineCommand } from '../context.js';
import { Ending } from '../ending.js';
import { examples } from '../print/help.js';

/** Named here for the help; main.ts hands `everline watchdog …` to the role itself. */
export const define: DefineCommand = (program, act) =>
  program
    .command('watchdog')
    .description('keep one process running: a pair of watchdogs around it')
    .allowUnknownOption()
    .allowExcessArguments()
    .addHelpText(
      'after',
      examples([
        'everline watchdog --data ./watchdog --child-data ./master-1 -- everline master --data ./master-1',
        'everline watchdog --help',
      ]),
    )
    .action(
      act(async () => {
        throw Ending.usage('flags of a role follow its name: everline watchdog [options]');
      }),
    );
