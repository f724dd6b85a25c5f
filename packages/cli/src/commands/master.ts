import type { DefineCommand } from '../context.js';
import { Ending } from '../ending.js';
import { examples } from '../print/help.js';

/** Named here for the help; main.ts hands `everline master …` to the role itself. */
export const define: DefineCommand = (program, act) =>
  program
    .command('master')
    .description('run a master in the foreground')
    .allowUnknownOption()
    .allowExcessArguments()
    .addHelpText(
      'after',
      examples([
        'everline master --router 127.0.0.1:3010 --listen 127.0.0.1:3011 --data ./master-1',
        'everline master --help',
      ]),
    )
    .action(
      act(async () => {
        throw Ending.usage('flags of a role follow its name: everline master [options]');
      }),
    );
