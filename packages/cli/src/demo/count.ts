import type { Clock } from '@everline/chassis/clock';
import type { Speaker } from './script.js';
import type { Tally } from './tally.js';

/** A busy machine is late, and loses nothing by that. */
const catchUpMs = 15_000;
const lookMs = 10;

/** One who is there, and what came on the live timeline so far. */
export interface Reader {
  readonly name: Speaker;
  readonly taken: readonly string[];
}

/** What each took live and what each finds when reading anew, against what was acknowledged. */
export async function count(
  people: readonly Reader[],
  tally: Tally,
  readAnew: (name: Speaker) => Promise<readonly string[]>,
  clock: Clock,
  signal: AbortSignal,
): Promise<{ readonly lost: number; readonly doubled: number }> {
  let lost = 0;
  let doubled = 0;
  for (const { name, taken } of people) {
    const untilMs = clock.nowMs() + catchUpMs;
    while (tally.compare(taken, name).lost > 0 && clock.nowMs() < untilMs) await clock.sleep(lookMs, signal);
    const live = tally.compare(taken, name);
    const anew = tally.compare(await readAnew(name));
    lost = Math.max(lost, live.lost, anew.lost);
    doubled = Math.max(doubled, live.doubled, anew.doubled);
  }
  return { lost, doubled };
}
