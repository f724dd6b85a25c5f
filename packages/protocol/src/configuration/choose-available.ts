// Which master may take the role.
// R3 Only a member of the in-sync set, alive with its current incarnation. Any of them is safe; among them the first in list
//    order, unless one has a longer journal.
// R6 One that has just failed as available is asked only when nobody else is there.
import { isInSync } from './configuration.js';
import { isAlive, memberOf } from './members.js';
import { isPenalised } from './penalise.js';
import type { Rules } from './rules.js';
import type { Member, RouterState } from './state.js';

/** All that may take the role now, the best first. */
export function candidates(rules: Rules, state: RouterState, nowMs: number): readonly Member[] {
  const { configuration } = state.durable;
  if (configuration === undefined) return [];
  const inListOrder = configuration.masters
    .filter(({ masterId }) => isInSync(configuration, masterId)) // R3
    .map(({ masterId }) => memberOf(state, masterId))
    .filter((member) => member !== undefined)
    .filter((member) => isAlive(rules, member, nowMs)); // R3
  const penalty = (member: Member): number => (isPenalised(state, member.masterId, nowMs) ? 1 : 0);
  const behind = (member: Member): number => (inListOrder.some((other) => isLonger(other, member)) ? 1 : 0);
  return inListOrder.toSorted((a, b) => penalty(a) - penalty(b) || behind(a) - behind(b)); // R6, R3; stable
}

/**
 * Whether one's journal is longer for certain: it held more before the other's latest report was made. Under load the latest reports
 * alone say only who reported last.
 */
function isLonger(one: Member, other: Member): boolean {
  return one.settled.seq > other.lastSeq && one.settled.atMs <= other.heardMs;
}

/** @param withoutId the one whose role is to be taken over */
export function chooseAvailable(
  rules: Rules,
  state: RouterState,
  nowMs: number,
  withoutId?: string,
): Member | undefined {
  return candidates(rules, state, nowMs).find(({ masterId }) => masterId !== withoutId);
}
