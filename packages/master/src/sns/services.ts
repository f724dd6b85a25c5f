import type { CallContext, Clock, Random } from '@everline/chassis';
import { CLUSTER_HEADER } from '@everline/contracts';
import { otherCluster, refusal } from '../errors.js';
import type { Sessions } from '../sessions.js';
import type { Outcome } from '../state/outcome.js';
import type { Realm } from '../timeline/cursor.js';
import type { Timelines } from '../timeline/live.js';
import type { View } from '../timeline/view.js';
import type { Reign, Role } from './role.js';

/** What the calls of clients stand on. */
export interface Services {
  readonly role: Role;
  readonly view: View;
  readonly timelines: Timelines;
  readonly sessions: Sessions;
  readonly clock: Clock;
  readonly random: Random;
  /** What cursors of today are good for. */
  readonly realm: () => Realm;
}

/** A client that comes while the role is on its way waits for it rather than be sent round. */
const longestWaitMs = 1_000;

/** @throws Refusal NOT_AVAILABLE_MASTER, OTHER_CLUSTER */
export async function reignOf(
  { role, clock, realm }: Services,
  { deadlineMs, metadata }: Pick<CallContext, 'deadlineMs' | 'metadata'>,
): Promise<Reign> {
  const [wanted] = metadata.get(CLUSTER_HEADER);
  if (wanted !== undefined && wanted !== realm().clusterId)
    throw otherCluster(realm().clusterId, String(wanted));
  const leftMs = deadlineMs === undefined ? longestWaitMs : deadlineMs - clock.nowMs();
  await role.settled(Math.min(longestWaitMs, Math.max(0, leftMs)));
  return role.available();
}

/** A command that was decided against is a refusal for its client. */
export function granted<O extends Outcome>(outcome: O): Exclude<O, { kind: 'refused' }> {
  if (outcome.kind === 'refused') throw refusal(outcome.reason, outcome.text);
  return outcome as Exclude<O, { kind: 'refused' }>;
}

/** Names somebody: a name that nobody can have is one that nobody has. */
export function unknownUser(username: string) {
  return refusal('USER_UNKNOWN', `there is no user ${JSON.stringify(username)}`, { username });
}
