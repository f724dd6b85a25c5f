// M2, M6: whoever hears of a newer epoch accepts nothing of an older one any more, and reigns in none.
import { becomeFollowing } from './become.js';
import { isReign, type Replica } from './replica.js';
import { type Turn, withStanding } from './turn.js';

/** Raises the promise to `epoch`; a reign of an older one ends here (M6). */
export function promiseEpoch(replica: Replica, epoch: number, turn: Turn): Replica {
  const { standing } = replica;
  if (epoch <= standing.promisedEpoch) return replica;
  turn.effects.push({ kind: 'promise', epoch });
  const promised = withStanding(replica, { ...standing, promisedEpoch: epoch });
  const { role } = promised;
  const reigned = isReign(role) || role.kind === 'resigned';
  return reigned && role.epoch < epoch ? becomeFollowing(promised, epoch, turn) : promised; // M6
}

/** The promise is on disk. */
export function promised(replica: Replica, epoch: number): Replica {
  const { standing } = replica;
  return epoch > standing.durableEpoch
    ? withStanding(replica, { ...standing, durableEpoch: epoch })
    : replica;
}
