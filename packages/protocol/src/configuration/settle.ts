// What follows from the state alone, whatever the event was.

import { keepCommitted } from './data-lost.js';
import type { Instant } from './instant.js';
import { keepCommittedMs } from './limits.js';
import { replaceLost } from './replace-lost.js';
import type { Rules } from './rules.js';
import type { RouterState } from './state.js';
import { dropSwitchover } from './switchover.js';
import { unlistGone } from './unlist-gone.js';

export function settle(rules: Rules, state: RouterState, at: Instant): RouterState {
  if (state.standing.kind !== 'deciding') return state;
  const floored = withFloor(rules, state);
  const replaced = replaceLost(rules, floored, at);
  const asked = dropSwitchover(rules, replaced, at);
  const listed = unlistGone(asked, at);
  const due = at.nowMs - listed.keptCommittedMs >= keepCommittedMs;
  return due ? keepCommitted(listed, at.nowMs) : listed;
}

/** A router started with another floor tells it to the masters (R5). */
function withFloor(rules: Rules, state: RouterState): RouterState {
  const { configuration } = state.durable;
  if (configuration === undefined || configuration.minInSync === rules.minInSync) return state;
  const { minInSync } = rules;
  const floored = { ...configuration, version: configuration.version + 1, minInSync };
  return { ...state, durable: { ...state.durable, configuration: floored } };
}
