import { isReign, type Replica } from './replica.js';
import { type Turn, withRole } from './turn.js';

/** After an own stall everybody looks late: their answers may be waiting to be read. They get their full time anew. */
export function tick(replica: Replica, { nowMs }: Turn): Replica {
  const { role, settings } = replica;
  if (!isReign(role)) return replica;
  const stalled = nowMs - role.tickedAtMs > settings.beatMs * stallBeats;
  const peers = stalled
    ? role.peers.map((peer) => ({ ...peer, caughtUpAtMs: nowMs, goalAtMs: nowMs }))
    : role.peers;
  return withRole(replica, { ...role, peers, tickedAtMs: nowMs });
}

/** Ticks come every beat; so much later than that, and it was this process that stood still. */
const stallBeats = 2.5;
