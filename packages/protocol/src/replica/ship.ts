// Who gets which entries: a standby's beginning, its next position, its end.
import { isInSync } from '../configuration/configuration.js';
import type { Hello, Shipped } from './events.js';
import { epochAt, type JournalView } from './journal-view.js';
import { newPeer, peerOf, withPeer } from './peers.js';
import { promiseEpoch } from './promise.js';
import { isReign, type Peer, type Reign, type Replica } from './replica.js';
import { type Turn, withRole } from './turn.js';

/** A standby comes: its stream begins where its journal and this one are known to be the same. */
export function welcome(replica: Replica, hello: Hello, turn: Turn): Replica {
  const next = promiseEpoch(replica, hello.epoch, turn); // M6
  const { role, standing } = next;
  const { masterId, incarnation } = hello;
  if (!isReign(role)) return dismissed(next, masterId, 'not-available', turn);
  const { configuration } = standing;
  const known = peerOf(role, masterId);
  const inSync = configuration !== undefined && isInSync(configuration, masterId);
  // R7: a member of the set has every committed entry; if it has not, its disk is not what it was.
  if (hello.lastSeq < (known?.matchSeq ?? 0) || (inSync && hello.lastSeq < standing.committedSeq)) {
    return dismissed(next, masterId, 'data-lost', turn);
  }
  if (hello.committedSeq > turn.journal.lastSeq) return dismissed(next, masterId, 'diverged', turn);
  const peer: Peer = {
    ...(known ?? newPeer(masterId, 1, turn.nowMs)),
    incarnation,
    leaseMs: hello.leaseMs ?? Number.POSITIVE_INFINITY,
    leaving: false,
    stream: 'open',
  };
  return withRole(next, rewind(role, peer, sharedSeq(hello, turn.journal), turn));
}

/** The last entry that is the same at both. */
function sharedSeq(hello: Hello, journal: JournalView): number {
  const same = hello.lastSeq <= journal.lastSeq && epochAt(journal, hello.lastSeq) === hello.lastEpoch;
  return same ? hello.lastSeq : Math.min(hello.committedSeq, journal.lastSeq);
}

/** Goes on after `seq`, or after what is acknowledged, if that is more. */
export function rewind(reign: Reign, peer: Peer, seq: number, turn: Turn): Reign {
  const { nowMs, journal, effects } = turn;
  const { masterId } = peer;
  const nextSeq = Math.min(Math.max(seq, peer.matchSeq), journal.lastSeq) + 1;
  effects.push({ kind: nextSeq < journal.firstSeq ? 'snapshot-needed' : 'ship', masterId });
  return withPeer(reign, { ...peer, nextSeq, rewoundAtMs: nowMs });
}

export function shipped(replica: Replica, { masterId, seq }: Shipped): Replica {
  const { role } = replica;
  if (!isReign(role)) return replica;
  const peer = peerOf(role, masterId);
  if (peer === undefined || seq < peer.nextSeq) return replica;
  return withRole(replica, withPeer(role, { ...peer, nextSeq: seq + 1 }));
}

/** A broken stream is a sign of death only when the standby does not come back at once. */
export function standbyLost(replica: Replica, masterId: string, turn: Turn): Replica {
  const { role, settings } = replica;
  if (!isReign(role)) return replica;
  const peer = peerOf(role, masterId);
  if (peer === undefined || peer.stream !== 'open') return replica;
  turn.effects.push({ kind: 'wake', atMs: turn.nowMs + settings.redialMs });
  return withRole(replica, withPeer(role, { ...peer, stream: 'broken', brokenAtMs: turn.nowMs }));
}

/** No stream, and nobody there to open one: no need to wait for it. */
export function unreachable(replica: Replica, masterId: string, { nowMs }: Turn): Replica {
  const { role, settings } = replica;
  const peer = isReign(role) ? peerOf(role, masterId) : undefined;
  if (!isReign(role) || peer === undefined || peer.stream === 'open') return replica;
  const brokenAtMs = Math.min(peer.brokenAtMs, nowMs - settings.redialMs);
  return withRole(replica, withPeer(role, { ...peer, stream: 'broken', brokenAtMs }));
}

function dismissed(
  replica: Replica,
  masterId: string,
  reason: 'not-available' | 'data-lost' | 'diverged',
  turn: Turn,
): Replica {
  turn.effects.push({ kind: 'dismiss', masterId, reason });
  return replica;
}
