import { systemClock } from '@everline/chassis/clock';
import type { ClusterStatus } from '@everline/client';
import { endingOf, withClient } from './client.js';
import type { Context } from './context.js';
import { Ending, exitCodes } from './ending.js';
import { statusText, statusValue } from './print/status.js';
import { visible } from './print/visible.js';

const refreshMs = 500;
/** The other screen of the terminal, without a cursor: what stood before is there again afterwards. */
const enterScreen = '\u001B[?1049h\u001B[?25l';
const leaveScreen = '\u001B[?1049l\u001B[?25h';
const fromTheTop = '\u001B[H';
const clearLine = '\u001B[K';
const clearBelow = '\u001B[J';

export async function showStatus(context: Context): Promise<void> {
  const status = await withClient(context, (client) => client.cluster());
  context.data(statusText(status, context.style, systemClock.wallMs()), statusValue(status));
}

/** On a terminal one screen that is kept up to date; elsewhere, and with --json, whatever differs from the one before. */
export async function watchStatus(context: Context): Promise<void> {
  const { terminal, settings } = context;
  const stop = AbortSignal.any([terminal.interrupted, terminal.abandoned]);
  const onScreen = terminal.out.isTerminal && !settings.json;
  const show = onScreen ? redraw(context) : append(context);
  if (onScreen) terminal.out.write(enterScreen);
  try {
    await lookRegularly(context, show, stop);
  } finally {
    if (onScreen) terminal.out.write(leaveScreen);
  }
  if (terminal.interrupted.aborted) throw Ending.interrupted();
}

/** A router that is away for a while is shown as such; one that was never there ends it. */
async function lookRegularly(context: Context, show: Show, stop: AbortSignal): Promise<void> {
  await withClient(context, async (client) => {
    let reached = false;
    while (!stop.aborted) {
      try {
        const status = await client.cluster({ signal: stop });
        reached = true;
        show(statusText(status, context.style, systemClock.wallMs()), status);
      } catch (error) {
        if (stop.aborted) return;
        const ending = await endingOf(error, context);
        if (!reached || !(ending instanceof Ending) || ending.exitCode !== exitCodes.unreachable)
          throw ending;
        show(`${context.style.red('the router does not answer')}: ${visible(ending.message)}\n`, undefined);
      }
      await systemClock.sleep(refreshMs, stop).catch(() => {});
    }
  });
}

type Show = (text: string, status: ClusterStatus | undefined) => void;

function redraw({ terminal }: Context): Show {
  return (text) => {
    terminal.out.write(`${fromTheTop}${text.replaceAll('\n', `${clearLine}\n`)}${clearBelow}`);
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
