import { resolve } from 'node:path';
import type { DefineCommand } from '../context.js';
import { examples } from '../print/help.js';
import { dataFolder } from '../profile/folders.js';

interface DownFlags {
  readonly data?: string;
}

export const define: DefineCommand = (program, act) =>
  program
    .command('down')
    .option('--data <dir>', 'the data folder of the cluster ($XDG_DATA_HOME/everline)')
    .description('stop the cluster that `up` brought up; its data is kept')
    .addHelpText('after', examples(['everline down', 'everline down --data ./data']))
    .action(
      act<[DownFlags]>(async (context, { data }) => {
        const { runDown } = await import('../cluster/down.js');
        return runDown(context, resolve(data ?? dataFolder(context.environment)));
      }),
    );
