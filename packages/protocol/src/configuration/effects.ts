import { endedEpochs } from './certify.js';
import type { Rules } from './rules.js';
import type { RouterState } from './state.js';
import { available, ordersFor } from './views.js';

export type Effect =
  /** Make `state.durable` durable before anything else is told (R1). */
  | { readonly kind: 'persist' }
  /** Keep `state.durable` when there is time: nothing that is told depends on it. */
  | { readonly kind: 'persist-soon' }
  /** Over every DualPing stream. */
  | { readonly kind: 'tell-masters' }
  /** To everyone who watches. */
  | { readonly kind: 'tell-clients' };

/** Found by comparing the two states, so no decision can forget one. */
export function effectsOf(rules: Rules, before: RouterState, after: RouterState): readonly Effect[] {
  const effects: Effect[] = [];
  if (before.durable.configuration !== after.durable.configuration) effects.push({ kind: 'persist' });
  else if (before.durable !== after.durable) effects.push({ kind: 'persist-soon' });
  if (!sameOrders(before, after)) effects.push({ kind: 'tell-masters' });
  if (!sameAvailable(rules, before, after)) effects.push({ kind: 'tell-clients' });
  return effects;
}

function sameOrders(before: RouterState, after: RouterState): boolean {
  const availableId = after.durable.configuration?.availableId ?? '';
  return (
    before.standing.kind === after.standing.kind &&
    before.durable.configuration === after.durable.configuration &&
    ordersFor(before, availableId).resignToMasterId === ordersFor(after, availableId).resignToMasterId &&
    endedEpochs(before).join() === endedEpochs(after).join()
  );
}

function sameAvailable(rules: Rules, before: RouterState, after: RouterState): boolean {
  const was = available(rules, before, before.steppedMs);
  const is = available(rules, after, after.steppedMs);
  if (was.kind === 'available' && is.kind === 'available') {
    return was.address === is.address && was.epoch === is.epoch;
  }
  return was.kind === is.kind && was.epoch === is.epoch;
}
