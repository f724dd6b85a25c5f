import type { Cancel, Clock } from '@everline/chassis/clock';
import { type Identity, lives, lookAt } from '@everline/chassis/control';
import type { ChildRecord } from '../state-file.js';
import { createEndSignal, type Run } from './run.js';

const firstLookMs = 1;
/** While there is no control connection to a process that is not our child, looking is the only way to see it end. A plain program never has one. */
const lastLookMs = 250;

/**
 * W1, W3: follows a process that is not our child. Its end is certain when the kernel says that this very process is gone: its pid alone says nothing, and a zombie counts
 * as gone (its parent may never reap it). With a control connection nobody looks until that closes.
 */
export function adoptChild(identity: Identity, record: ChildRecord | undefined, clock: Clock): Run {
  const { end, onEnded } = createEndSignal();
  let cancel: Cancel = () => undefined;

  function look(againMs: number): void {
    cancel();
    if (lives(identity)) cancel = clock.after(againMs, () => look(Math.min(againMs * 2, lastLookMs)));
    else end({ kind: 'gone' });
  }

  look(firstLookMs);
  return {
    adopted: true,
    identity,
    leader: leaderOf(identity, record),
    onEnded,
    linked: () => cancel(),
    unlinked: () => look(firstLookMs),
  };
}

/** Its group is ours to signal if a watchdog made it, or if it leads it: never a group that it only happens to be in, like that of somebody's script. */
function leaderOf(identity: Identity, record: ChildRecord | undefined): Identity | undefined {
  const group = lookAt(identity.pid)?.processGroup;
  if (group === identity.pid) return identity;
  return record?.leader?.pid === group ? record?.leader : undefined;
}
