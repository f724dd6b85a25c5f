import { isPresent } from './alter-in-sync.js';
import type { Replica } from './replica.js';

/** R5, M1: with fewer members present than the floor nothing can commit: refuse before anything is appended. */
export function mayWrite(replica: Replica, nowMs: number): boolean {
  const { role, settings, standing } = replica;
  const { configuration } = standing;
  if (role.kind !== 'available' || configuration === undefined) return false;
  let present = 0;
  for (const id of configuration.inSyncIds) {
    if (id === settings.masterId || isPresent(role, id, settings, nowMs)) present++;
  }
  return present >= configuration.minInSync;
}
