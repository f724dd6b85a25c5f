import type { DefineCommand } from '../context.js';
import { examples } from '../print/help.js';

export const define: DefineCommand = (program, act) =>
  program
    .command('demo')
    .description('watch a failover: a throw-away cluster, two people talking, kill -9, and the count')
    .addHelpText('after', examples(['everline demo', 'everline demo --json | tail -1']))
    .action(
      act(async (context) => {
        const { runDemo } = await import('../demo/run.js');
        return runDemo(context);
      }),
    );
