// M10: giving the role back in good order. Nothing is lost by it, so nobody has to wait.
import { isInSync } from '../configuration/configuration.js';
import { becomeAvailable, becomeResigned, becomeResigning } from './become.js';
import type { Replica, Resigning } from './replica.js';
import type { Turn } from './turn.js';

/** Only when somebody in the set is there to go on. */
export function resign(replica: Replica, turn: Turn): Replica {
  const { role, standing } = replica;
  const { configuration } = standing;
  if (role.kind !== 'available' || configuration === undefined) return replica;
  const heir = role.peers.some(
    (peer) => peer.stream === 'open' && !peer.leaving && isInSync(configuration, peer.masterId),
  );
  return heir ? becomeResigning(replica, role, turn) : replica;
}

/** After every event. All that was taken is committed: resign. Too late for that: go on as before. */
export function resignWhenReady(replica: Replica, role: Resigning, turn: Turn): Replica {
  if (replica.standing.committedSeq >= turn.journal.lastSeq) return becomeResigned(replica, role, turn);
  return turn.nowMs >= role.untilMs ? becomeAvailable(replica, role, turn) : replica;
}
