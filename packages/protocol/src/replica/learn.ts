// What the router says: configurations (R1) and ended reigns (M10).
import { type Configuration, isListed } from '../configuration/configuration.js';
import { activate } from './activate.js';
import { becomeFollowing } from './become.js';
import type { Learned } from './events.js';
import { promiseEpoch } from './promise.js';
import { isReign, type Reign, type Replica } from './replica.js';
import { type Turn, withRole, withStanding } from './turn.js';

export function learn(
  replica: Replica,
  { configuration, endedEpochs, reapedEpochs = [] }: Learned,
  turn: Turn,
): Replica {
  const ended =
    endedEpochs.length === 0 ? replica : withStanding(replica, { ...replica.standing, endedEpochs });
  if (configuration === undefined) return ended;
  if (configuration.epoch < ended.standing.promisedEpoch) return ended; // M2: an old one, late
  if (configuration.version <= (ended.standing.configuration?.version ?? 0)) return ended;
  return adopt(promiseEpoch(ended, configuration.epoch, turn), configuration, reapedEpochs, turn);
}

function adopt(
  replica: Replica,
  configuration: Configuration,
  reapedEpochs: readonly number[],
  turn: Turn,
): Replica {
  turn.effects.push({ kind: 'keep', configuration });
  const { standing } = replica;
  const before = standing.configuration;
  const former = before && { masterId: before.availableId, isDead: reapedEpochs.includes(before.epoch) };
  const next = withStanding(replica, { ...standing, configuration });
  const { role, settings } = next;
  if (isReign(role)) return withRole(next, settled(role, configuration)); // of the same epoch, or it had ended above
  if (configuration.availableId === settings.masterId) return activate(next, configuration, former, turn);
  return role.kind === 'fresh' ? becomeFollowing(next, configuration.epoch, turn) : next;
}

/** M5: what was pending is closed by a later version, and by nothing else. Who is neither listed nor here is forgotten. */
function settled(reign: Reign, configuration: Configuration): Reign {
  const { pending, asked, peers } = reign;
  const { version } = configuration;
  return {
    ...reign,
    peers: peers.filter(({ masterId, stream }) => stream === 'open' || isListed(configuration, masterId)),
    pending: pending !== undefined && version > pending.sinceVersion ? undefined : pending,
    asked: asked !== undefined && version > asked.version ? undefined : asked,
  };
}
