import { addressOf } from './configuration.js';
import type { Rules } from './rules.js';
import type { Member, Reign, RouterState } from './state.js';

export function memberOf(state: RouterState, masterId: string): Member | undefined {
  return state.members.find((member) => member.masterId === masterId);
}

export function withMember(state: RouterState, member: Member): RouterState {
  const others = state.members.filter(({ masterId }) => masterId !== member.masterId);
  return { ...state, members: [...others, member] };
}

/** The reign that the configuration speaks of. */
export function presentReign(state: RouterState): Reign | undefined {
  return state.durable.reigns.at(-1);
}

/** Its DualPing stream lives, or is still on its way after the registration, and it is not silent. */
export function isAlive(rules: Rules, member: Member, nowMs: number): boolean {
  const { phase } = member.stream;
  return (phase === 'open' || phase === 'awaited') && nowMs - member.heardMs < rules.suspicionMs;
}

/** A master as people know it. */
export function nameOf(state: RouterState, masterId: string): string {
  const { configuration } = state.durable;
  const listed = configuration === undefined ? '' : addressOf(configuration, masterId);
  const address = listed === '' ? (memberOf(state, masterId)?.address ?? '') : listed;
  const short = masterId.slice(0, 8);
  return address === '' ? short : `${address} (${short})`;
}
