// R6: a master that has just failed as available is no candidate for 30 s, doubling to 10 min, unless it is the only one.

import type { Instant } from './instant.js';
import { firstPenaltyMs, longestPenaltyMs, mostMasters, penaltyForgottenMs } from './limits.js';
import { ownValue } from './own-value.js';
import type { RouterState } from './state.js';

export function penalise(state: RouterState, masterId: string, at: Instant): RouterState {
  const endsMs = ownValue(state.penaltyEndsMs, masterId);
  const clean = endsMs === undefined || at.nowMs - endsMs > penaltyForgottenMs;
  const strikes = clean ? 1 : (ownValue(state.durable.penalties, masterId)?.strikes ?? 0) + 1;
  const penaltyMs = Math.min(firstPenaltyMs * 2 ** (strikes - 1), longestPenaltyMs);
  const others = Object.entries(state.durable.penalties).filter(([id]) => id !== masterId);
  const kept = others.slice(-(mostMasters - 1));
  return {
    ...state,
    durable: {
      ...state.durable,
      penalties: Object.fromEntries([...kept, [masterId, { strikes, penaltyMs }]]),
    },
    penaltyEndsMs: { ...state.penaltyEndsMs, [masterId]: at.nowMs + penaltyMs },
  };
}

export function isPenalised(state: RouterState, masterId: string, nowMs: number): boolean {
  return nowMs < (ownValue(state.penaltyEndsMs, masterId) ?? Number.NEGATIVE_INFINITY);
}
