import { isReign, type Peer, type Replica } from './replica.js';
import type { ReplicaSettings } from './settings.js';
import { type Turn, withRole } from './turn.js';

/** After an own stall everybody looks late: their answers may be waiting to be read. They get their full time anew. */
export function tick(replica: Replica, turn: Turn): Replica {
  const { role, settings } = replica;
  if (!isReign(role)) return replica;
  const { nowMs } = turn;
  const stalled = nowMs - role.tickedAtMs > settings.beatMs * stallBeats;
  const peers = stalled
    ? role.peers.map((peer) => ({ ...peer, caughtUpAtMs: nowMs, goalAtMs: nowMs }))
    : role.peers;
  for (const peer of peers) wakeForLag(peer, settings, turn);
  return withRole(replica, { ...role, peers, tickedAtMs: nowMs });
}

/** M4: writes wait for whoever falls silent, until it is too far behind; not for the tick after that. */
function wakeForLag(
  { caughtUpAtMs }: Peer,
  { lagMs, beatMs }: ReplicaSettings,
  { nowMs, effects }: Turn,
): void {
  const atMs = caughtUpAtMs + lagMs + 1;
  if (atMs > nowMs && atMs <= nowMs + beatMs) effects.push({ kind: 'wake', atMs });
}

/** Ticks come every beat; so much later than that, and it was this process that stood still. */
const stallBeats = 2.5;
