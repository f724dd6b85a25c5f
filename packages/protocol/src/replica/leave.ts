// M4: a standby that ends says so first, and acknowledges until it is out of the set: no write waits for its removal.
import { isInSync } from '../configuration/configuration.js';
import type { Replica, Source } from './replica.js';
import type { Turn } from './turn.js';

/** To its available master, which asks the router. */
export function leave(replica: Replica, { effects }: Turn): Replica {
  const source = sourceOf(replica);
  if (source === undefined || !isMissed(replica)) return replica;
  const { masterId: to, epoch, sentAtMs } = source;
  effects.push({ kind: 'acknowledge', to, epoch, verdict: 'leaving', seq: 0, hintSeq: 0, sentAtMs });
  return replica;
}

/** Whether writes wait for this standby when it ends, and it may be taken out of the set before that (R5). */
export function isMissed(replica: Replica): boolean {
  const { standing, settings } = replica;
  const { configuration } = standing;
  return (
    sourceOf(replica)?.lost === false &&
    configuration !== undefined &&
    isInSync(configuration, settings.masterId) &&
    configuration.inSyncIds.length > configuration.minInSync
  );
}

function sourceOf({ role }: Replica): Source | undefined {
  return role.kind === 'following' ? role.source : undefined;
}
