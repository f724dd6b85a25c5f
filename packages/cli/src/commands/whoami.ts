import type { DefineCommand } from '../context.js';
import { examples } from '../print/help.js';
import { visible } from '../print/visible.js';
import { userOf } from '../user.js';

export const define: DefineCommand = (program, act) =>
  program
    .command('whoami')
    .description('show who I am')
    .addHelpText('after', examples(['everline whoami', 'everline whoami --json']))
    .action(
      act(async (context) => {
        const user = userOf(context);
        const { routers, user: known } = context.settings;
        context.data(`${visible(user)}\n`, { user, from: known?.from, router: routers.join(',') });
        return undefined;
      }),
    );
