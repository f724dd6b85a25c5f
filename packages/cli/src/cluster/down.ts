import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { systemClock } from '@everline/chassis/clock';
import type { Context } from '../context.js';
import { Ending, type ExitCode, exitCodes } from '../ending.js';
import { count, duration } from '../print/duration.js';
import { visible } from '../print/visible.js';
import { endHolder } from './holders.js';
import { stopPair } from './pair.js';
import { runningRoles } from './running.js';

/** Longer than an `up` needs to stop all of its own. */
const graceMs = 30_000;

/** Asks the `up` in the foreground, if there is one, and then ends whatever is left. Nothing that runs is no fault. */
export async function runDown(context: Context, dataDir: string): Promise<ExitCode> {
  if (!existsSync(dataDir)) throw Ending.refused(`there is no cluster in ${dataDir}`);
  const startedMs = systemClock.nowMs();
  const running = [...(await runningRoles(dataDir))];
  const up = await endHolder(dataDir, systemClock, graceMs);
  const ends = await Promise.all(
    running.map((name) =>
      stopPair({ watchdogDir: join(dataDir, 'watchdog', name), dataDir: join(dataDir, name) }, systemClock),
    ),
  );
  const killed = running.filter((_, index) => ends[index] === 'killed');
  const tookMs = systemClock.nowMs() - startedMs;
  if (context.settings.json) {
    context.data('', { stopped: running, killed, up: up !== 'none', tookMs: Math.round(tookMs) });
  }
  context.note(
    running.length === 0 && up === 'none'
      ? `Nothing runs in ${visible(dataDir)}.`
      : `Stopped ${count(running.length, 'role')} after ${duration(tookMs)}; the data is kept.`,
  );
  return exitCodes.done;
}
