// A failover: the role of a lost master goes to the best candidate. If none is alive nothing changes and the router waits (R3).
import { beginReign } from './begin-reign.js';
import { candidates, chooseAvailable } from './choose-available.js';
import type { Instant } from './instant.js';
import { nameOf } from './members.js';
import { penalise } from './penalise.js';
import { record } from './record.js';
import type { Rules } from './rules.js';
import type { Member, RouterState } from './state.js';
import { suspect, type Verdict } from './suspect.js';

export function replaceLost(rules: Rules, state: RouterState, at: Instant): RouterState {
  const { configuration } = state.durable;
  const verdict = suspect(rules, state, at.nowMs);
  if (configuration === undefined || verdict.kind !== 'lost') return state;
  const formerId = configuration.availableId;
  const judged = verdict.cause === 'failed' ? penalise(state, formerId, at) : state; // R6
  const chosen =
    verdict.cause === 'resigned' ? heir(rules, judged, at.nowMs) : chooseAvailable(rules, judged, at.nowMs);
  if (chosen === undefined) return state; // R3
  const reigning = beginReign(judged, configuration, chosen); // R4: the set stays
  return announce(reigning, formerId, chosen, verdict, at);
}

/** Of a master that resigned: the one that was asked for, else the best one, else itself in a new epoch. */
function heir(rules: Rules, state: RouterState, nowMs: number): Member | undefined {
  const formerId = state.durable.configuration?.availableId;
  const askedId = state.switchover?.toMasterId;
  const able = candidates(rules, state, nowMs);
  return (
    able.find(({ masterId }) => masterId === askedId) ??
    able.find(({ masterId }) => masterId !== formerId) ??
    able[0]
  );
}

function announce(
  state: RouterState,
  formerId: string,
  { masterId }: Member,
  verdict: Extract<Verdict, { kind: 'lost' }>,
  at: Instant,
): RouterState {
  const name = nameOf(state, masterId);
  const what =
    masterId === formerId
      ? `${name} ${verdict.why} and is available again`
      : `${name} is available now: ${nameOf(state, formerId)} ${verdict.why}`;
  const kind = verdict.cause === 'resigned' ? 'switchover' : 'failover';
  return record(state, { kind, masterId, what, tookMs: at.nowMs - verdict.firstSignMs }, at);
}
