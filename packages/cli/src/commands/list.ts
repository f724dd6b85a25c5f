import { withClient } from '../client.js';
import type { DefineCommand } from '../context.js';
import { graphText } from '../print/graph.js';
import { examples } from '../print/help.js';
import { userOf } from '../user.js';

export const define: DefineCommand = (program, act) =>
  program
    .command('list')
    .description('show all users, who follows me, and whom I follow')
    .addHelpText('after', examples(['everline list', "everline list --json | jq -r '.followers[]'"]))
    .action(
      act(async (context) => {
        userOf(context);
        const graph = await withClient(context, (client) => client.list());
        context.data(graphText(graph, context.style, context.terminal.out.columns()), graph);
        return undefined;
      }),
    );
