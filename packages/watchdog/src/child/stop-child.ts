/** W6: SIGTERM, after a grace SIGKILL, to the child's process group and to nobody else (W1). */
import type { Cancel, Clock } from '@everline/chassis/clock';
import { signal, signalGroup } from '@everline/chassis/control';
import type { Run } from './run.js';

/** Returns what ends the wait: the kill is due no more. */
export function stopChild(run: Run, graceMs: number, clock: Clock, onGraceOver: () => void): Cancel {
  send(run, 'SIGTERM');
  // One that was stopped hears the SIGTERM only when it is woken.
  send(run, 'SIGCONT');
  return clock.after(graceMs, () => {
    onGraceOver();
    killChild(run);
  });
}

export function killChild(run: Run): void {
  send(run, 'SIGKILL');
}

/** After the child's end: whoever it left behind in its group is killed, so that the next one finds ports and files free. Returns their pids. */
export function sweepOrphans({ leader }: Run): readonly number[] {
  if (leader === undefined) return [];
  return signalGroup(leader, 'SIGKILL');
}

function send({ identity, leader }: Run, name: NodeJS.Signals): void {
  if (leader === undefined) signal(identity, name);
  else signalGroup(leader, name);
}
