// The available master changes the in-sync set.
// R1 Compare-and-set: every success makes a new version, also one that changes nothing, so a delayed duplicate is refused.
// R2 Only the available master of the present epoch, and only the set.
// R5 No change makes the set smaller than the floor, or smaller at all once it is below.
// R7 Only a master that is registered and alive comes in: its storage is the one that was caught up.
import { type Configuration, isInSync } from './configuration.js';
import type { Instant } from './instant.js';
import { isAlive, memberOf, nameOf, presentReign } from './members.js';
import { record } from './record.js';
import { type Outcome, refuse } from './refused.js';
import type { Rules } from './rules.js';
import type { RouterState } from './state.js';

export interface InSyncAltered {
  readonly kind: 'in-sync-altered';
  readonly masterId: string;
  readonly epoch: number;
  readonly version: number;
  readonly inSyncIds: readonly string[];
}

export function alterInSync(rules: Rules, state: RouterState, event: InSyncAltered, at: Instant): Outcome {
  const { configuration } = state.durable;
  if (configuration === undefined) return refuse(state, 'STALE_EPOCH', 'this router knows no cluster');
  return objection(rules, state, configuration, event, at) ?? alter(state, configuration, event, at);
}

function objection(
  rules: Rules,
  state: RouterState,
  configuration: Configuration,
  event: InSyncAltered,
  at: Instant,
): Outcome | undefined {
  const { masterId, epoch, inSyncIds } = event;
  const reigns = masterId === configuration.availableId && epoch === configuration.epoch;
  // R2; a request of a reign that has ended is late.
  if (!reigns || presentReign(state)?.ended !== undefined) {
    return stale(state, configuration, 'STALE_EPOCH', `${masterId} does not reign in epoch ${epoch}`);
  }
  if (event.version !== configuration.version) {
    return stale(state, configuration, 'STALE_VERSION', `version ${event.version} is not the newest`); // R1
  }
  const metadata = { field: 'in_sync_ids', limit: 'distinct ids, with that of the available master' };
  if (!inSyncIds.includes(masterId) || new Set(inSyncIds).size < inSyncIds.length) {
    return refuse(state, 'FIELD_INVALID', `in_sync_ids must be ${metadata.limit}`, metadata);
  }
  const floor = Math.min(configuration.minInSync, configuration.inSyncIds.length);
  if (inSyncIds.length < floor) {
    return refuse(state, 'BELOW_MIN_IN_SYNC', `at least ${floor} masters must stay in sync`); // R5
  }
  const strangers = inSyncIds.filter((id) => !isInSync(configuration, id) && !mayEnter(rules, state, id, at));
  if (strangers.length > 0) {
    return refuse(state, 'NOT_REGISTERED', `not registered or not alive: ${strangers.join(', ')}`); // R7
  }
  return undefined;
}

function mayEnter(rules: Rules, state: RouterState, masterId: string, at: Instant): boolean {
  const member = memberOf(state, masterId);
  const listed = state.durable.configuration?.masters.some((listing) => listing.masterId === masterId);
  return listed === true && member?.stream.phase === 'open' && isAlive(rules, member, at.nowMs);
}

function stale(
  state: RouterState,
  { version, epoch }: Configuration,
  reason: 'STALE_EPOCH' | 'STALE_VERSION',
  what: string,
): Outcome {
  const text = `${what}: it is version ${version} of epoch ${epoch}`;
  return refuse(state, reason, text, { version: String(version), epoch: String(epoch) });
}

function alter(
  state: RouterState,
  configuration: Configuration,
  { inSyncIds }: InSyncAltered,
  at: Instant,
): Outcome {
  const altered = { ...configuration, version: configuration.version + 1, inSyncIds: [...inSyncIds] }; // R1, R2
  const removed = configuration.inSyncIds.filter((id) => !isInSync(altered, id));
  const added = inSyncIds.filter((id) => !isInSync(configuration, id));
  let next: RouterState = { ...state, durable: { ...state.durable, configuration: altered } };
  for (const masterId of removed) {
    const what = `${nameOf(state, masterId)} is no longer in sync`;
    next = record(next, { kind: 'out-of-sync', masterId, what }, at);
  }
  for (const masterId of added) {
    next = record(next, { kind: 'in-sync', masterId, what: `${nameOf(state, masterId)} is in sync` }, at);
  }
  return { state: next };
}
