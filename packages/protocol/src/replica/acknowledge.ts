// The standby's side of M1: flush, then acknowledge; what is committed and on this disk is applied.
import type { Following, Replica, Source } from './replica.js';
import { type Turn, withRole, withStanding } from './turn.js';

/** After every event: says what can be said, once for all that was flushed meanwhile. */
export function keepUp(replica: Replica, role: Following, turn: Turn): Replica {
  const applied = applyCommitted(replica, turn);
  const { source } = role;
  if (source === undefined || source.owes === 'nothing') return applied;
  const { standing } = applied;
  if (standing.durableEpoch < source.epoch) return applied; // M2: the promise comes first
  const seq = Math.min(standing.flushedSeq, source.verifiedSeq); // M2: flush, then acknowledge
  if (source.owes === 'flush' && seq < source.verifiedSeq && seq <= source.acknowledgedSeq) return applied;
  const { masterId: to, epoch, sentAtMs } = source;
  turn.effects.push({ kind: 'acknowledge', to, epoch, verdict: 'accepted', seq, hintSeq: 0, sentAtMs });
  const acknowledged: Source = {
    ...source,
    acknowledgedSeq: seq,
    owes: seq < source.verifiedSeq ? 'flush' : 'nothing',
  };
  return withRole(applied, { kind: 'following', source: acknowledged });
}

function applyCommitted(replica: Replica, turn: Turn): Replica {
  const { standing } = replica;
  const toSeq = Math.min(standing.committedSeq, standing.flushedSeq);
  if (toSeq <= standing.appliedSeq) return replica;
  turn.effects.push({ kind: 'apply', toSeq });
  return withStanding(replica, { ...standing, appliedSeq: toSeq });
}
