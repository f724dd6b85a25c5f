// M1: an entry is committed when everyone who counts has it on disk and said so in this epoch.
import type { Configuration } from '../configuration/configuration.js';
import { peerOf } from './peers.js';
import type { Reign, Replica } from './replica.js';
import { type Turn, withStanding } from './turn.js';

/**
 * M1, M4, M5: who is waited for, without oneself: the set as the router confirmed it, and, while an enlarged one may have been recorded
 * without our knowing, that one, too.
 */
export function waitedFor(reign: Reign, configuration: Configuration, masterId: string): readonly string[] {
  const members = configuration.inSyncIds.filter((id) => id !== masterId);
  for (const id of reign.pending?.inSyncIds ?? []) {
    if (id !== masterId && !members.includes(id)) members.push(id);
  }
  return members;
}

/** Commits what can be, and has it applied. */
export function commit(replica: Replica, reign: Reign, turn: Turn): Replica {
  const { standing, settings } = replica;
  const { configuration } = standing;
  if (configuration === undefined || configuration.inSyncIds.length < configuration.minInSync) return replica; // M1: the floor
  if (standing.durableEpoch < reign.epoch) return replica; // M7 (1)
  let seq = standing.flushedSeq;
  if (seq <= standing.committedSeq) return replica;
  for (const id of waitedFor(reign, configuration, settings.masterId)) {
    seq = Math.min(seq, peerOf(reign, id)?.matchSeq ?? 0);
  }
  if (seq <= standing.committedSeq) return replica;
  turn.effects.push({ kind: 'apply', toSeq: seq });
  return withStanding(replica, { ...standing, committedSeq: seq, appliedSeq: seq });
}
