// M4, M5: how the in-sync set changes. One question at a time; the router decides by compare-and-set (R1, R2).
import { type Configuration, isInSync, isListed } from '../configuration/configuration.js';
import { peerOf } from './peers.js';
import type { Peer, Pending, Reign, Replica } from './replica.js';
import type { ReplicaSettings } from './settings.js';
import { type Turn, withRole } from './turn.js';

/** After every event: asks for what is due. */
export function alterInSync(replica: Replica, reign: Reign, turn: Turn): Replica {
  const { configuration } = replica.standing;
  const { asked } = reign;
  if (configuration === undefined) return replica;
  if (asked !== undefined && turn.nowMs - asked.atMs < replica.settings.askAgainMs) return replica;
  if (reign.pending !== undefined) return close(replica, reign, reign.pending, configuration, turn);
  const smaller = withoutGone(replica, reign, configuration, turn.nowMs);
  // M4: asking is not ignoring: the member counts until the router has confirmed.
  if (smaller !== undefined) {
    const barred = barSlow(replica, reign, configuration, smaller, turn.nowMs);
    return ask(replica, barred, configuration, smaller, undefined, turn);
  }
  const joiner = reign.peers.find((peer) => mayJoin(peer, replica, reign, configuration, turn));
  if (joiner === undefined) return replica;
  const larger = [...configuration.inSyncIds, joiner.masterId];
  // M5: from now on the old set and the new are waited for.
  const pending: Pending = { sinceVersion: configuration.version, inSyncIds: larger };
  return ask(replica, reign, configuration, larger, pending, turn);
}

/**
 * M5: a question without an answer may still be carried out, even one that was refused, if it was asked before. So it is asked again, or,
 * when the joiner is no longer worth it, the set as it is: whichever succeeds moves the version past all the others.
 */
function close(replica: Replica, reign: Reign, pending: Pending, now: Configuration, turn: Turn): Replica {
  const refused = reign.asked?.refused === true;
  const worth = pending.inSyncIds.every(
    (id) => id === replica.settings.masterId || isPresent(reign, id, replica.settings, turn.nowMs),
  );
  return ask(replica, reign, now, refused || !worth ? now.inSyncIds : pending.inSyncIds, pending, turn);
}

/** The set without those that are gone, about to go, or too far behind, as far as the floor allows (R5); undefined when there is nothing to change. */
function withoutGone(
  replica: Replica,
  reign: Reign,
  { inSyncIds, minInSync }: Configuration,
  nowMs: number,
): readonly string[] | undefined {
  const { settings } = replica;
  const gone = inSyncIds.filter((id) => id !== settings.masterId && !isPresent(reign, id, settings, nowMs));
  const removable = Math.min(gone.length, inSyncIds.length - minInSync);
  if (removable <= 0) return undefined;
  const removed = gone.slice(-removable);
  return inSyncIds.filter((id) => !removed.includes(id));
}

/** Whoever leaves the set while it is there was too slow: it would soon be back, and too slow again. */
function barSlow(
  { settings }: Replica,
  reign: Reign,
  now: Configuration,
  smaller: readonly string[],
  nowMs: number,
): Reign {
  const leaves = ({ masterId }: Peer): boolean => isInSync(now, masterId) && !smaller.includes(masterId);
  const peers = reign.peers.map((peer) => {
    if (peer.stream !== 'open' || peer.leaving || !leaves(peer) || nowMs < peer.barredUntilMs) return peer;
    const barMs = Math.min(settings.rejoinMs * 2 ** peer.lagged, settings.rejoinMaxMs);
    return { ...peer, lagged: peer.lagged + 1, barredUntilMs: nowMs + barMs };
  });
  return { ...reign, peers };
}

/**
 * M5: only a standby that is fully caught up: everything there is was sent to it, and it has acknowledged everything that is committed.
 * What is in flight it will have to acknowledge, too, before that is committed.
 */
function mayJoin(peer: Peer, replica: Replica, reign: Reign, now: Configuration, turn: Turn): boolean {
  const { standing, settings } = replica;
  return (
    !isInSync(now, peer.masterId) &&
    isListed(now, peer.masterId) &&
    peer.stream === 'open' &&
    !peer.leaving &&
    turn.nowMs >= peer.barredUntilMs &&
    peer.matchSeq >= standing.committedSeq &&
    peer.matchSeq >= reign.beginSeq &&
    peer.nextSeq > turn.journal.lastSeq &&
    turn.nowMs - peer.caughtUpAtMs <= settings.lagMs
  );
}

/** Neither gone, nor about to go, nor too far behind. */
export function isPresent(reign: Reign, masterId: string, settings: ReplicaSettings, nowMs: number): boolean {
  const peer = peerOf(reign, masterId);
  if (peer === undefined || peer.leaving) return false;
  if (peer.stream === 'broken' && nowMs - peer.brokenAtMs >= settings.redialMs) return false;
  return nowMs - peer.caughtUpAtMs <= settings.lagMs;
}

function ask(
  replica: Replica,
  reign: Reign,
  { version }: Configuration,
  inSyncIds: readonly string[],
  pending: Pending | undefined,
  turn: Turn,
): Replica {
  const number = reign.askedCount + 1;
  turn.effects.push({ kind: 'ask', number, epoch: reign.epoch, version, inSyncIds });
  const asked = { number, version, inSyncIds, atMs: turn.nowMs, refused: false };
  return withRole(replica, { ...reign, pending, asked, askedCount: number });
}
