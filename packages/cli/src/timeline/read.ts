import { type Cancel, systemClock } from '@everline/chassis/clock';
import type { Client, Entry } from '@everline/client';
import { withClient } from '../client.js';
import type { Context } from '../context.js';
import { Ending, type ExitCode, exitCodes } from '../ending.js';
import { postLine, postValue } from '../print/post.js';
import { lostLine, resumedLine } from '../print/resumed.js';
import { startOf } from './start.js';
import type { TimelineWish } from './wish.js';

/** A failover takes milliseconds and is told in one line when it is over; only a longer outage is worth a line of its own. */
const longOutageMs = 1_000;

/** Oldest first. Ends when all that existed has been said; with `live` only when it is told to. */
export async function readTimeline(context: Context, wish: TimelineWish): Promise<ExitCode> {
  const { terminal } = context;
  const stop = AbortSignal.any([terminal.interrupted, terminal.abandoned]);
  return withClient(context, async (client) => {
    try {
      await say(client, context, wish, stop);
    } catch (error) {
      if (!terminal.abandoned.aborted) throw error;
    }
    if (terminal.interrupted.aborted) throw Ending.interrupted();
    return exitCodes.done;
  });
}

async function say(client: Client, context: Context, wish: TimelineWish, signal: AbortSignal): Promise<void> {
  const most = wish.after === undefined ? Number.POSITIVE_INFINITY : (wish.limit ?? Number.POSITIVE_INFINITY);
  if (most === 0) return;
  const { first, options } = await startOf(client, wish);
  if (first !== undefined) sayEntry(first, context);
  let said = first === undefined ? 0 : 1;
  let outage: Cancel = () => {};
  try {
    for await (const event of client.timeline({ ...options, signal })) {
      if (event.kind === 'caught-up' && said === 0) sayNothingYet(wish, context);
      if (event.kind === 'caught-up' && !wish.live) return;
      outage();
      if (event.kind === 'lost')
        outage = systemClock.after(longOutageMs, () => sayNote(lostLine(event), context));
      if (event.kind === 'resumed') sayNote(resumedLine(event), context);
      if (event.kind !== 'entry') continue;
      sayEntry(event, context);
      said += 1;
      if (said === most) return;
    }
  } finally {
    outage();
  }
}

/** An empty answer is a riddle to a person, and an answer to a program. */
function sayNothingYet({ after, limit, live }: TimelineWish, context: Context): void {
  if (!context.terminal.out.isTerminal || after !== undefined || limit === 0) return;
  const hint = live ? 'waiting for the first post' : '`everline follow NAME` brings some';
  sayNote(`-- those you follow have posted nothing yet: ${hint} --`, context);
}

function sayNote(line: string, { note, noteStyle }: Context): void {
  note(noteStyle.dim(line));
}

function sayEntry({ post, cursor }: Entry, context: Context): void {
  const { terminal, style } = context;
  const options = { nowMs: systemClock.wallMs(), oneLine: !terminal.out.isTerminal };
  context.data(postLine(post, style, options), { ...postValue(post), cursor });
}
