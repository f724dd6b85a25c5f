import type { DefineCommand } from '../context.js';
import { forEachName } from '../each-name.js';
import { examples } from '../print/help.js';

export const define: DefineCommand = (program, act) =>
  program
    .command('unfollow')
    .argument('<name...>', 'whom')
    .description('follow people no more')
    .addHelpText('after', examples(['everline unfollow bob', 'everline unfollow bob carol dave']))
    .action(
      act<[string[]]>(async (context, names) =>
        forEachName(context, names, {
          done: 'no longer follows',
          key: 'unfollowed',
          ask: (client, name) => client.unfollow(name),
        }),
      ),
    );
