// R7 A master whose journal is shorter than it once reported as committed has lost data: it is no candidate and must fetch
//    all anew as a new master.

import { memberOf, nameOf } from './members.js';
import { ownValue } from './own-value.js';
import { type Outcome, refuse } from './refused.js';
import type { RouterState } from './state.js';

export function reportedCommitted(state: RouterState, masterId: string): number {
  return Math.max(
    ownValue(state.durable.committed, masterId) ?? 0,
    memberOf(state, masterId)?.committedSeq ?? 0,
  );
}

export function dataLost(
  state: RouterState,
  { masterId, lastSeq }: { readonly masterId: string; readonly lastSeq: number },
  committedSeq: number,
): Outcome {
  return refuse(
    state,
    'DATA_LOST',
    `${nameOf(state, masterId)} holds ${lastSeq} entries and once had ${committedSeq} committed: it must begin anew from its peers`,
    { last_seq: String(lastSeq), committed_seq: String(committedSeq) },
  );
}

/** Writes down what the masters have reported, so that a restarted router knows it, too. */
export function keepCommitted(state: RouterState, nowMs: number): RouterState {
  const grown = state.members.filter(
    ({ masterId, committedSeq }) => committedSeq > (ownValue(state.durable.committed, masterId) ?? 0),
  );
  if (grown.length === 0) return state;
  const ids = new Set(state.durable.configuration?.masters.map(({ masterId }) => masterId));
  const kept = Object.entries(state.durable.committed).filter(([masterId]) => ids.has(masterId));
  const added = grown.map(({ masterId, committedSeq }) => [masterId, committedSeq] as const);
  return {
    ...state,
    durable: { ...state.durable, committed: Object.fromEntries([...kept, ...added]) },
    keptCommittedMs: nowMs,
  };
}
