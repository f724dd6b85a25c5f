import { withClient } from '../client.js';
import type { DefineCommand } from '../context.js';
import { Ending } from '../ending.js';
import { masterNamed } from '../master-named.js';
import { examples } from '../print/help.js';
import { visible } from '../print/visible.js';

interface ForceFlags {
  readonly acceptDataLoss?: boolean;
}

export const define: DefineCommand = (program, act) =>
  program
    .command('force-available')
    .argument('<master>', 'its id, the beginning of it, or its address')
    .option('--accept-data-loss', 'yes: acknowledged posts that only others hold are gone for ever')
    .description('emergency: make a master available that may lack acknowledged posts')
    .addHelpText(
      'after',
      examples(['everline status', 'everline force-available 0190ab12 --accept-data-loss']),
    )
    .action(
      act<[string, ForceFlags]>(async (context, typed, { acceptDataLoss }) => {
        if (acceptDataLoss !== true) {
          throw Ending.usage(
            'this may lose acknowledged posts, and every reader starts anew: say --accept-data-loss if it must be',
          );
        }
        const master = await withClient(context, async (client) => {
          const found = masterNamed(typed, (await client.cluster()).masters);
          await client.forceAvailable(found.masterId, { acceptDataLoss });
          return found;
        });
        if (context.settings.json) context.data('', { forced: master.masterId, address: master.address });
        context.note(
          `${visible(master.address)} is available, in a new history; what only others held is lost.`,
        );
        return undefined;
      }),
    );
