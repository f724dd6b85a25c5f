import type { TimelineEvent } from '@everline/client';
import { duration } from './duration.js';
import { visible } from './visible.js';

type Lost = Extract<TimelineEvent, { kind: 'lost' }>;
type Resumed = Extract<TimelineEvent, { kind: 'resumed' }>;

export function lostLine({ address }: Lost): string {
  return `-- lost ${visible(address)}, looking for the next --`;
}

/** Who took over, after how long, and what was missed: nothing, which the chain of entries proves. */
export function resumedLine({ address, epoch, afterMs, entries, missed }: Resumed): string {
  const fetched = entries === 0 ? '' : `, ${entries} fetched`;
  const what = missed === 0 ? 'nothing missed' : `${missed} missed`;
  return `-- ${visible(address)} took over in epoch ${epoch} after ${duration(afterMs)}${fetched}, ${what} --`;
}
