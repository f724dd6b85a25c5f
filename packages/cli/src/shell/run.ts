import { systemClock } from '@everline/chassis/clock';
import { type Client, connect, Refused, Unknown, Unreachable } from '@everline/client';
import type { Context } from '../context.js';
import { Ending, type ExitCode, exitCodes } from '../ending.js';
import { linesOf } from '../lines.js';
import { visible } from '../print/visible.js';
import { commandMode } from './command-mode.js';
import type { ShellParts } from './parts.js';
import { Reconnections } from './reconnections.js';
import { banner, connectionFailed } from './texts.js';
import { timelineMode } from './timeline-mode.js';

export interface ShellTarget {
  readonly routers: readonly string[];
  readonly user: string;
}

/** The Tiny SNS client, to the letter. */
export async function runShell(context: Context, { routers, user }: ShellTarget): Promise<ExitCode> {
  const { terminal, settings } = context;
  const write = (text: string): void => terminal.out.write(text);
  const reconnections = new Reconnections(write);
  const takenAway = new AbortController();
  await using client = connect({
    routers,
    user,
    timeoutMs: settings.timeoutMs,
    onMoved: ({ address, epoch }) => reconnections.moved(address, epoch),
    onSessionLost: (why) => takenAway.abort(why),
  });
  const signal = AbortSignal.any([terminal.interrupted, terminal.abandoned, takenAway.signal]);
  if (!(await entered(client, terminal.interrupted))) {
    write(connectionFailed);
    return exitCodes.refused;
  }
  reconnections.begin(client.master?.epoch ?? 0);
  const parts: ShellParts = {
    client,
    reconnections,
    signal,
    write,
    explain: (text) => terminal.err.write(`everline: ${visible(text)}\n`),
    nextLine: lineReader(context, signal),
    pause: (ms, until) => systemClock.sleep(ms, until),
  };
  try {
    write(banner);
    if ((await commandMode(parts)) === 'timeline') await timelineMode(parts);
    if (terminal.input.isTerminal) write('\n');
    return exitCodes.done;
  } catch (error) {
    if (terminal.interrupted.aborted) throw Ending.interrupted();
    if (terminal.abandoned.aborted) return exitCodes.done;
    if (!takenAway.signal.aborted) throw error;
    write(connectionFailed);
    return exitCodes.refused;
  }
}

/** False: another shell of this user lives, or nobody was to be had. */
async function entered(client: Client, interrupted: AbortSignal): Promise<boolean> {
  try {
    await client.login(undefined, { exclusive: true, signal: interrupted });
    return true;
  } catch (error) {
    if (interrupted.aborted) throw Ending.interrupted();
    if (error instanceof Refused || error instanceof Unreachable || error instanceof Unknown) return false;
    throw error;
  }
}

function lineReader({ terminal }: Context, signal: AbortSignal): ShellParts['nextLine'] {
  const lines = linesOf(terminal.input.bytes());
  const stopped = new Promise<never>((_, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason), { once: true });
  });
  stopped.catch(() => {});
  return async () => {
    const { value, done } = await Promise.race([lines.next(), stopped]);
    return done === true ? undefined : value;
  };
}
