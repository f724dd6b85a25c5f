import type { DefineCommand } from '../context.js';
import { examples } from '../print/help.js';
import { showStatus, watchStatus } from '../show-status.js';

interface StatusFlags {
  readonly watch?: boolean;
}

export const define: DefineCommand = (program, act) =>
  program
    .command('status')
    .option('-w, --watch', 'stay, and show what changes')
    .description('show the masters, their roles, and the last failovers')
    .addHelpText(
      'after',
      examples(['everline status', 'everline status --watch', 'everline status --json | jq .epoch']),
    )
    .action(
      act<[StatusFlags]>(async (context, { watch }) => {
        await (watch === true ? watchStatus(context) : showStatus(context));
        return undefined;
      }),
    );
