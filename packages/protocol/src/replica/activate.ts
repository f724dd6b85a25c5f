// M7: from being named available to serving.
import { type Configuration, isInSync } from '../configuration/configuration.js';
import { becomeActivating, becomeAvailable, type Former } from './become.js';
import { leasesOverMs } from './read-lease.js';
import type { Activating, Replica } from './replica.js';
import type { Turn } from './turn.js';

/** The configuration names this master; its epoch is promised already. */
export function activate(
  replica: Replica,
  configuration: Configuration,
  former: Former | undefined,
  turn: Turn,
): Replica {
  const { settings, standing } = replica;
  if (configuration.epoch <= standing.barredEpoch) return replica; // a reign belongs to one incarnation
  if (!isInSync(configuration, settings.masterId)) {
    turn.effects.push({ kind: 'refuse-reign', epoch: configuration.epoch }); // R7
    return replica;
  }
  const next = becomeActivating(replica, configuration, former, turn);
  const overMs = leasesOverMs(standing, settings);
  if (overMs > turn.nowMs) turn.effects.push({ kind: 'wake', atMs: overMs });
  return next;
}

/** M7 (4)-(6): serves once everything up to its own first entry is committed and no lease that it granted can be alive. */
export function serveWhenReady(replica: Replica, reign: Activating, turn: Turn): Replica {
  const { settings, standing } = replica;
  if (standing.committedSeq < reign.beginSeq) return replica; // M7 (5)
  if (turn.nowMs < leasesOverMs(standing, settings)) return replica; // M7 (4), M9, M10
  return becomeAvailable(replica, reign, turn); // M7 (6)
}
