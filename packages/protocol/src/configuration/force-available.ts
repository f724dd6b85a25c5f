// R10 A person gives the role to a master that may lack acknowledged entries: with an explicit flag, after being told what may
//     be lost. A new history begins, all cursors become void, and the event stays.
import { beginReign } from './begin-reign.js';
import { isListed } from './configuration.js';
import type { Instant } from './instant.js';
import { isAlive, memberOf, nameOf } from './members.js';
import { record } from './record.js';
import { adopt, newestCopy, renewed } from './recover.js';
import { type Outcome, refuse } from './refused.js';
import type { Rules } from './rules.js';
import type { Member, RouterState } from './state.js';

export interface Forced {
  readonly kind: 'forced';
  readonly masterId: string;
  readonly acceptDataLoss: boolean;
}

export function forceAvailable(rules: Rules, state: RouterState, event: Forced, at: Instant): Outcome {
  const { masterId, acceptDataLoss } = event;
  const gathered = gather(state);
  const { configuration } = gathered.durable;
  const member = memberOf(gathered, masterId);
  const fit = member !== undefined && isAlive(rules, member, at.nowMs);
  if (configuration === undefined || !fit || !isListed(configuration, masterId)) {
    return refuse(state, 'NO_CANDIDATE', `${nameOf(state, masterId)} is not registered, or not alive`);
  }
  const loss = whatMayBeLost(gathered, member);
  if (!acceptDataLoss) return refuse(state, 'DATA_LOSS_NOT_ACCEPTED', `${loss}: say that it is accepted`);
  const alone = { ...configuration, inSyncIds: [masterId], history: configuration.history + 1 };
  const what = `${nameOf(gathered, masterId)} was made available by force: ${loss}`;
  return { state: record(beginReign(gathered, alone, member), { kind: 'forced', masterId, what }, at) };
}

/** While it recovers, a router knows the masters by their copies only; a person need not wait for all of them. */
function gather(state: RouterState): RouterState {
  const newest = newestCopy(state);
  if (state.standing.kind !== 'recovering' || newest === undefined) return state;
  const { copies } = state.standing;
  const configuration = renewed(
    newest,
    copies.map(({ registration }) => registration),
  );
  const adopted = adopt(state, copies);
  return { ...adopted, durable: { ...adopted.durable, configuration } };
}

function whatMayBeLost(state: RouterState, { lastSeq }: Member): string {
  const reported = [
    ...state.members.map(({ committedSeq }) => committedSeq),
    ...Object.values(state.durable.committed),
  ];
  const committedSeq = Math.max(0, ...reported);
  const known =
    committedSeq > lastSeq
      ? `the acknowledged entries ${lastSeq + 1} to ${committedSeq} are lost`
      : 'no acknowledged entry is known to be lost';
  return `${known}; what only masters now away have seen may be lost, too`;
}
