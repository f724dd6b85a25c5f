// Moves the role on purpose: the available master is asked to resign in favour of another (R2: it moves only when that one has
// resigned, or failed). The asking is volatile: a router that restarts forgets it, and nothing has happened.
import { chooseAvailable } from './choose-available.js';
import { isInSync } from './configuration.js';
import type { Instant } from './instant.js';
import { switchoverMs } from './limits.js';
import { isAlive, memberOf, nameOf } from './members.js';
import { type Outcome, refuse } from './refused.js';
import type { Rules } from './rules.js';
import type { RouterState } from './state.js';
import { suspect } from './suspect.js';

export interface SwitchoverAsked {
  readonly kind: 'switchover-asked';
  /** Empty: the best candidate. */
  readonly toMasterId: string;
}

export function askSwitchover(
  rules: Rules,
  state: RouterState,
  event: SwitchoverAsked,
  at: Instant,
): Outcome {
  const { configuration } = state.durable;
  if (configuration === undefined || suspect(rules, state, at.nowMs).kind === 'lost') {
    const waitsFor = configuration?.inSyncIds.join(',') ?? '';
    return refuse(state, 'NO_AVAILABLE_MASTER', 'no master holds the role now', { waits_for: waitsFor });
  }
  const { availableId, epoch } = configuration;
  if (event.toMasterId === availableId) return { state };
  const able = chooseAvailable(rules, state, at.nowMs, availableId);
  const target = event.toMasterId === '' ? able : memberOf(state, event.toMasterId);
  if (target === undefined || !mayTake(rules, state, target.masterId, at.nowMs)) {
    const whom =
      event.toMasterId === '' ? 'no other master' : `${nameOf(state, event.toMasterId)} is not known, or not`;
    return refuse(state, 'NO_CANDIDATE', `${whom} in sync and alive`);
  }
  const switchover = { epoch, toMasterId: target.masterId, sinceMs: at.nowMs };
  return { state: { ...state, switchover } };
}

/** An asking ends when its target can no longer take the role, or when nobody answered it in time. */
export function dropSwitchover(rules: Rules, state: RouterState, at: Instant): RouterState {
  const { switchover } = state;
  if (switchover === undefined) return state;
  const inTime = at.nowMs - switchover.sinceMs < switchoverMs;
  if (inTime && mayTake(rules, state, switchover.toMasterId, at.nowMs)) return state;
  return { ...state, switchover: undefined };
}

function mayTake(rules: Rules, state: RouterState, masterId: string, nowMs: number): boolean {
  const { configuration } = state.durable;
  const member = memberOf(state, masterId);
  return (
    configuration !== undefined &&
    member !== undefined &&
    isInSync(configuration, masterId) &&
    isAlive(rules, member, nowMs)
  );
}
