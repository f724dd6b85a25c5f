import type { DefineCommand } from '../context.js';
import { forEachName } from '../each-name.js';
import { examples } from '../print/help.js';

export const define: DefineCommand = (program, act) =>
  program
    .command('follow')
    .argument('<name...>', 'whom')
    .description('follow people')
    .addHelpText('after', examples(['everline follow bob', 'everline follow bob carol dave']))
    .action(
      act<[string[]]>(async (context, names) =>
        forEachName(context, names, {
          done: 'now follows',
          key: 'followed',
          ask: (client, name) => client.follow(name),
        }),
      ),
    );
