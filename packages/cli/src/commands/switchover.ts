import { systemClock } from '@everline/chassis/clock';
import { withClient } from '../client.js';
import type { DefineCommand } from '../context.js';
import { masterNamed } from '../master-named.js';
import { duration } from '../print/duration.js';
import { examples } from '../print/help.js';
import { visible } from '../print/visible.js';

interface SwitchoverFlags {
  readonly to?: string;
}

export const define: DefineCommand = (program, act) =>
  program
    .command('switchover')
    .option('--to <master>', 'its id, the beginning of it, or its address; else the first standby in sync')
    .description('move the role of the available master on purpose; no call fails')
    .addHelpText('after', examples(['everline switchover', 'everline switchover --to 127.0.0.1:3012']))
    .action(
      act<[SwitchoverFlags]>(async (context, { to }) => {
        const moved = await withClient(context, async (client) => {
          const target =
            to === undefined ? undefined : masterNamed(to, (await client.cluster()).masters).masterId;
          const startedMs = systemClock.nowMs();
          return { ...(await client.switchover(target)), tookMs: systemClock.nowMs() - startedMs };
        });
        const { address, epoch, tookMs } = moved;
        if (context.settings.json) context.data('', { ...moved, tookMs: Math.round(tookMs) });
        context.note(`${visible(address)} is available, in epoch ${epoch}, after ${duration(tookMs)}.`);
        return undefined;
      }),
    );
