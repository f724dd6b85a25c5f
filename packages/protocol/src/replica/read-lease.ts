// M9, M10: who may answer a read, and how long a new available master waits for those who still might.
import { waitedFor } from './commit.js';
import { peerOf } from './peers.js';
import type { Grant, Replica, Standing } from './replica.js';
import { CLOCK_RATE_SLACK, type ReplicaSettings } from './settings.js';

/** `lease`: now, and only now; `check`: after the router has confirmed the epoch to a ping sent after the read came; `refuse`: not here. */
export type ReadAnswer = 'lease' | 'check' | 'refuse';

/** M9: every member that counts acknowledged something that was sent less than a lease ago. */
export function mayRead(replica: Replica, nowMs: number): ReadAnswer {
  const { role, settings, standing } = replica;
  if (role.kind !== 'available' && role.kind !== 'resigning') return 'refuse';
  if (standing.configuration === undefined) return 'refuse';
  for (const id of waitedFor(role, standing.configuration, settings.masterId)) {
    const peer = peerOf(role, id);
    // A lease is no longer than whoever granted it will wait for its end.
    if (peer === undefined || nowMs >= peer.leaseFromMs + Math.min(settings.leaseMs, peer.leaseMs))
      return 'check';
  }
  return 'lease';
}

/** M8, M9: the router confirmed `epoch` to a ping that was sent after the read came. */
export function mayReadChecked(replica: Replica, epoch: number): boolean {
  const { role } = replica;
  return (role.kind === 'available' || role.kind === 'resigning') && role.epoch === epoch;
}

/** When the last lease is over that this replica granted to a reign that may still live (M9, M10). */
export function leasesOverMs({ grants, endedEpochs }: Standing, { leaseMs }: ReplicaSettings): number {
  let overMs = Number.NEGATIVE_INFINITY;
  for (const { epoch, atMs } of grants) {
    if (endedEpochs.includes(epoch)) continue; // M10
    overMs = Math.max(overMs, atMs + leaseMs * (1 + CLOCK_RATE_SLACK) + 1);
  }
  return overMs;
}

/** The grants after one more; those that are long over are dropped, so there are few. */
export function granted(grants: readonly Grant[], epoch: number, atMs: number, leaseMs: number) {
  const only = grants.length === 1 && grants[0]?.epoch === epoch;
  if (only) return [{ epoch, atMs }];
  return [
    ...grants.filter((grant) => grant.epoch !== epoch && atMs - grant.atMs < 2 * leaseMs),
    { epoch, atMs },
  ];
}
