// R4 A failover removes nobody from the in-sync set on suspicion: a master that is only silent may be well, and what it holds is a copy.
//    One whose process has certainly ended goes with the decision that replaces it: its successor would ask for nothing else first.
import type { Configuration } from './configuration.js';
import { presentReign } from './members.js';
import type { Rules } from './rules.js';
import type { Member, RouterState } from './state.js';

/** `configuration` without its available master, if that was reaped, the floor allows it (R5), and `heir` was heard of just now. */
export function bury(
  { suspicionMs }: Rules,
  state: RouterState,
  configuration: Configuration,
  heir: Member,
  nowMs: number,
): Configuration {
  const { availableId, inSyncIds, minInSync } = configuration;
  const others = inSyncIds.filter((id) => id !== availableId);
  const dead = presentReign(state)?.ended === 'reaped' && heir.masterId !== availableId;
  // An heir that hangs unnoticed would be waited for alone, though the dead one may be back before it.
  const quick = nowMs - heir.heardMs < suspicionMs / 2;
  return dead && quick && others.length >= minInSync
    ? { ...configuration, inSyncIds: others }
    : configuration;
}
