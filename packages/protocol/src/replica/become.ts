// The only place where the role of a replica changes.
import type { Configuration } from '../configuration/configuration.js';
import { newPeer } from './peers.js';
import {
  type Activating,
  type Available,
  isReign,
  type Peer,
  type Replica,
  type Resigning,
} from './replica.js';
import { type Turn, withRole, withStanding } from './turn.js';

/** M6: from any role. `newerEpoch` is why; a fresh master begins to follow the same way. */
export function becomeFollowing(replica: Replica, newerEpoch: number, turn: Turn): Replica {
  const { role } = replica;
  if (isReign(role) || role.kind === 'resigned') {
    turn.effects.push({ kind: 'step-down', epoch: role.epoch, newerEpoch });
  }
  return withRole(replica, { kind: 'following', source: undefined });
}

/** Who was available before, as far as this replica knows. */
export interface Former {
  readonly masterId: string;
  /** Certainly (M10): it may still seem to be there while the kernel clears away after it. */
  readonly isDead: boolean;
}

/**
 * M7 (1)-(3): the promise is under way already; the reign begins with an empty entry of its own. Nothing is proposed before everything up
 * to that entry is committed and applied: so a retry of what the tail holds finds its answer, and is never appended twice.
 */
export function becomeActivating(
  replica: Replica,
  configuration: Configuration,
  former: Former | undefined,
  turn: Turn,
): Replica {
  const { epoch } = configuration;
  const { journal, nowMs, effects } = turn;
  const beginSeq = journal.lastSeq + 1;
  effects.push({ kind: 'begin', epoch, seq: beginSeq, generation: replica.standing.generation });
  const role: Activating = {
    kind: 'activating',
    epoch,
    beginSeq,
    peers: peersOf(replica, configuration, former, turn),
    pending: undefined,
    asked: undefined,
    askedCount: 0,
    tickedAtMs: nowMs,
    sinceMs: nowMs,
  };
  return withRole(withStanding(replica, { ...replica.standing, barredEpoch: epoch }), role);
}

/** M7 (6). */
export function becomeAvailable(replica: Replica, from: Activating | Resigning, turn: Turn): Replica {
  const { epoch, beginSeq, peers, pending, asked, askedCount, tickedAtMs } = from;
  turn.effects.push({ kind: from.kind === 'activating' ? 'serve' : 'resume', epoch });
  return withRole(replica, {
    kind: 'available',
    epoch,
    beginSeq,
    peers,
    pending,
    asked,
    askedCount,
    tickedAtMs,
  });
}

export function becomeResigning(replica: Replica, from: Available, turn: Turn): Replica {
  const untilMs = turn.nowMs + replica.settings.resignMs;
  turn.effects.push({ kind: 'wake', atMs: untilMs });
  return withRole(replica, { ...from, kind: 'resigning', untilMs });
}

/** M10: from here on nothing is answered in this epoch, so the next one need not wait. */
export function becomeResigned(replica: Replica, from: Resigning, turn: Turn): Replica {
  turn.effects.push({ kind: 'resigned', epoch: from.epoch });
  return withRole(replica, { kind: 'resigned', epoch: from.epoch });
}

/**
 * Whoever is in the set, to be heard anew in this epoch (M3). The master of the reign before is taken for gone unless it was heard of
 * just now: then its removal is asked for at once, and clients need not wait for its silence to be long enough.
 */
function peersOf(
  { settings, role }: Replica,
  { inSyncIds }: Configuration,
  former: Former | undefined,
  { nowMs, journal }: Turn,
): readonly Peer[] {
  const source = role.kind === 'following' ? role.source : undefined;
  const heard =
    !former?.isDead &&
    source?.masterId === former?.masterId &&
    !source?.lost &&
    nowMs - (source?.heardAtMs ?? 0) < settings.beatMs * quietBeats;
  return inSyncIds
    .filter((id) => id !== settings.masterId)
    .map((id) => {
      const peer = newPeer(id, journal.lastSeq + 1, nowMs);
      if (id !== former?.masterId || heard) return peer;
      return { ...peer, stream: 'broken', brokenAtMs: nowMs - settings.redialMs };
    });
}

/** More beats than these missing, and the source is taken for gone. */
const quietBeats = 3;
