// R8 A router whose own loop stalled waits one suspicion period before it acts on anybody's silence: the pings of that time
//    may still wait to be read. It notices by a gap between events, since ticks come many times in a suspicion period.
import type { Instant } from './instant.js';
import type { Rules } from './rules.js';
import type { RouterState } from './state.js';

export function noticeStall(rules: Rules, state: RouterState, at: Instant): RouterState {
  const stalled = at.nowMs - state.steppedMs >= rules.suspicionMs / 2;
  const patientUntilMs = stalled ? at.nowMs + rules.suspicionMs : state.patientUntilMs;
  return { ...state, steppedMs: at.nowMs, patientUntilMs };
}
