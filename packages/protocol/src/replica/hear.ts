// M3: what an acknowledgement counts for.
import type { Acknowledgement } from './events.js';
import { peerOf, withPeer } from './peers.js';
import { promiseEpoch } from './promise.js';
import { isReign, type Peer, type Reign, type Replica } from './replica.js';
import { rewind } from './ship.js';
import { type Turn, withRole } from './turn.js';

export function hear(replica: Replica, heard: Acknowledgement, turn: Turn): Replica {
  if (heard.verdict === 'stale-epoch') return promiseEpoch(replica, heard.epoch, turn); // M6
  const { role } = replica;
  if (!isReign(role) || heard.epoch !== role.epoch) return replica; // M3: only of the present epoch
  const peer = peerOf(role, heard.masterId);
  if (peer === undefined || peer.incarnation !== heard.incarnation) return replica; // M3: only of whom it was sent to
  if (heard.verdict === 'leaving') return withRole(replica, withPeer(role, { ...peer, leaving: true })); // M4
  if (heard.verdict === 'mismatch') return mismatched(replica, role, peer, heard, turn);
  if (heard.seq > turn.journal.lastSeq) {
    turn.effects.push({ kind: 'violated', what: `${heard.masterId} acknowledges ${heard.seq}, never sent` });
    return replica;
  }
  return withRole(replica, withPeer(role, advanced(peer, heard, turn)));
}

/** A hint is a guess for `nextSeq`, never a position that counts (M3). */
function mismatched(replica: Replica, reign: Reign, peer: Peer, heard: Acknowledgement, turn: Turn): Replica {
  if (heard.sentAtMs < peer.rewoundAtMs) return replica; // of something sent before the position was corrected
  return withRole(replica, rewind(reign, peer, heard.hintSeq, turn));
}

function advanced(peer: Peer, heard: Acknowledgement, { nowMs, journal }: Turn): Peer {
  const matchSeq = Math.max(peer.matchSeq, heard.seq);
  const caughtUp = matchSeq >= journal.lastSeq;
  const goalReached = matchSeq >= peer.goalSeq;
  return {
    ...peer,
    matchSeq,
    nextSeq: Math.max(peer.nextSeq, matchSeq + 1),
    leaseFromMs: Math.max(peer.leaseFromMs, heard.sentAtMs), // M9: when it was sent, not when the answer came
    caughtUpAtMs: caughtUp ? nowMs : goalReached ? peer.goalAtMs : peer.caughtUpAtMs,
    goalSeq: goalReached ? journal.lastSeq : peer.goalSeq,
    goalAtMs: goalReached ? nowMs : peer.goalAtMs,
  };
}
