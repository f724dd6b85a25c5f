import type { Instant } from './instant.js';
import type { Rules } from './rules.js';
import type { Durable, RouterState } from './state.js';

export const nothingDurable: Durable = {
  configuration: undefined,
  reigns: [],
  incarnations: {},
  committed: {},
  penalties: {},
  events: [],
};

/**
 * A router starts: what is durable is all it knows. It waits one suspicion period before it acts on anybody's silence (R8),
 * and every penalty begins anew, for nobody knows how long the router was away (R6, T1).
 */
export function begin(rules: Rules, durable: Durable, at: Instant): RouterState {
  return {
    durable,
    members: [],
    startedMs: at.nowMs,
    steppedMs: at.nowMs,
    patientUntilMs: at.nowMs + rules.suspicionMs,
    firstSignMs: undefined,
    penaltyEndsMs: Object.fromEntries(
      Object.entries(durable.penalties).map(([id, { penaltyMs }]) => [id, at.nowMs + penaltyMs]),
    ),
    switchover: undefined,
    deadIncarnations: [],
    keptCommittedMs: at.nowMs,
    standing:
      durable.configuration === undefined && rules.recover
        ? { kind: 'recovering', copies: [] }
        : { kind: 'deciding' },
  };
}
