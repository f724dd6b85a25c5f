import { systemClock } from '@everline/chassis/clock';
import type { ClusterStatus } from '@everline/client';
import { endingOf, withClient } from './client.js';
import type { Context } from './context.js';
import { Ending, exitCodes } from './ending.js';
import { statusText, statusValue } from './print/status.js';
import { visible } from './print/visible.js';

const refreshMs = 500;
const clearToEnd = '\u001B[J';

export async function showStatus(context: Context): Promise<void> {
  const status = await withClient(context, (client) => client.cluster());
  context.data(statusText(status, context.style, systemClock.wallMs()), statusValue(status));
}

/** On a terminal the same place of the screen again and again; elsewhere, and with --json, whatever differs from the one before. */
export async function watchStatus(context: Context): Promise<never> {
  const { terminal, settings } = context;
  const stop = AbortSignal.any([terminal.interrupted, terminal.abandoned]);
  const show = terminal.out.isTerminal && !settings.json ? redraw(context) : append(context);
  await withClient(context, async (client) => {
    let reached = false;
    while (!stop.aborted) {
      try {
        const status = await client.cluster({ signal: stop });
        reached = true;
        show(statusText(status, context.style, systemClock.wallMs()), status);
      } catch (error) {
        if (stop.aborted) break;
        const ending = await endingOf(error, context);
        if (!reached || !(ending instanceof Ending) || ending.exitCode !== exitCodes.unreachable)
          throw ending;
        show(`${context.style.red('the router does not answer')}: ${visible(ending.message)}\n`, undefined);
      }
      await systemClock.sleep(refreshMs, stop).catch(() => {});
    }
  });
  if (terminal.interrupted.aborted) throw Ending.interrupted();
  return terminal.end(exitCodes.done);
}

type Show = (text: string, status: ClusterStatus | undefined) => void;

function redraw({ terminal }: Context): Show {
  let drawnLines = 0;
  return (text) => {
    const up = drawnLines === 0 ? '' : `\u001B[${drawnLines}F`;
    terminal.out.write(`${up}${clearToEnd}${text}`);
    drawnLines = text.split('\n').length - 1;
  };
}

function append(context: Context): Show {
  let before = '';
  return (text, status) => {
    const facts = JSON.stringify(status && { ...status, masters: status.masters.map(withoutProgress) });
    if (facts === before) return;
    before = facts;
    if (status !== undefined) context.data(`${text}\n`, statusValue(status));
    else context.note(text.trimEnd());
  };
}

/** A post that moves every position is no news. */
function withoutProgress({ masterId, role, inSync, alive }: ClusterStatus['masters'][number]): object {
  return { masterId, role, inSync, alive };
}
