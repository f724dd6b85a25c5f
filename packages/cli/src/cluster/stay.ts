import { systemClock } from '@everline/chassis/clock';
import { type ClusterEvent, connect } from '@everline/client';
import type { Context } from '../context.js';
import { type ExitCode, exitCodes } from '../ending.js';
import { duration } from '../print/duration.js';
import { eventLine } from '../print/event.js';
import { bringDown } from './bring-up.js';
import { type ClusterPlan, rolesOf } from './plan.js';

const lookAgainMs = 500;

/** Tells what happens to the cluster until somebody wants it stopped; then stops it all, and that is a good end. */
export async function stay(context: Context, plan: ClusterPlan, stopAsked: AbortSignal): Promise<ExitCode> {
  const { terminal, note } = context;
  const stop = AbortSignal.any([terminal.interrupted, stopAsked]);
  await tellEvents(context, plan, stop);
  // The terminal has just shown ^C.
  if (terminal.interrupted.aborted && terminal.err.isTerminal) note('');
  note(stopAsked.aborted ? 'Asked to stop …' : 'Stopping …');
  const startedMs = systemClock.nowMs();
  const ends = await bringDown(rolesOf(plan), systemClock);
  const killed = ends.filter((end) => end === 'killed').length;
  const how = killed === 0 ? '' : `, ${killed} of them by force`;
  note(`Everything has stopped${how}, after ${duration(systemClock.nowMs() - startedMs)}.`);
  return exitCodes.done;
}

async function tellEvents(context: Context, plan: ClusterPlan, stop: AbortSignal): Promise<void> {
  await using client = connect({ routers: [plan.router.address] });
  let told: ReadonlySet<string> | undefined;
  while (!stop.aborted) {
    const status = await client.cluster({ signal: stop, timeoutMs: lookAgainMs }).catch(() => undefined);
    if (status !== undefined) {
      const known = told;
      const news = status.events.filter((event) => known !== undefined && !known.has(keyOf(event)));
      for (const event of news.toReversed()) tell(event, context);
      told = new Set(status.events.map(keyOf));
    }
    await systemClock.sleep(lookAgainMs, stop).catch(() => {});
  }
}

function tell(event: ClusterEvent, { settings, data, note, noteStyle }: Context): void {
  if (settings.json) data('', { event: 'cluster', ...event });
  else note(eventLine(event, noteStyle, systemClock.wallMs()));
}

function keyOf({ atMs, kind, epoch, masterId }: ClusterEvent): string {
  return [atMs, kind, epoch, masterId].join(' ');
}
