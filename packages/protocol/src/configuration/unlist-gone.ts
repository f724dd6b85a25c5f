// A master is listed while its DualPing stream lives. Who is in sync stays listed, alive or not, because the list is where
// the others find its address (and only the available master may take it out of the set: R2).
import { type Configuration, isInSync } from './configuration.js';
import type { Instant } from './instant.js';
import { departedMs, mostDeparted, unlistMs } from './limits.js';
import { withoutListings } from './listing.js';
import { memberOf, nameOf } from './members.js';
import { record } from './record.js';
import type { Member, RouterState } from './state.js';

export function unlistGone(state: RouterState, at: Instant): RouterState {
  const { configuration } = state.durable;
  if (configuration === undefined) return state;
  // R1: whether this router's state is an old one, the available master knows.
  if (memberOf(state, configuration.availableId) === undefined) return state;
  const gone = configuration.masters
    .filter(({ masterId }) => !isInSync(configuration, masterId))
    .filter(({ masterId }) => hasLeft(state, memberOf(state, masterId), at.nowMs));
  if (gone.length === 0) return forgetDeparted(state, configuration, at.nowMs);
  const goneIds = gone.map(({ masterId }) => masterId);
  const told = goneIds.reduce(
    (now, masterId) => record(now, { kind: 'gone', masterId, what: `${nameOf(now, masterId)} is gone` }, at),
    state,
  );
  const incarnations = Object.fromEntries(
    Object.entries(told.durable.incarnations).filter(([masterId]) => !goneIds.includes(masterId)),
  );
  const shorter = withoutListings(configuration, goneIds);
  return { ...told, durable: { ...told.durable, configuration: shorter, incarnations } };
}

function hasLeft(state: RouterState, member: Member | undefined, nowMs: number): boolean {
  if (member === undefined) return nowMs - state.startedMs >= unlistMs;
  switch (member.stream.phase) {
    case 'open':
      return false;
    case 'dead':
      return true;
    case 'awaited':
    case 'broken':
      return nowMs - member.stream.sinceMs >= unlistMs;
  }
}

/** Those that left stay visible for a while. */
function forgetDeparted(state: RouterState, configuration: Configuration, nowMs: number): RouterState {
  const listed = new Set(configuration.masters.map(({ masterId }) => masterId));
  const departed = state.members.filter(({ masterId }) => !listed.has(masterId));
  const surplus = new Set(departed.slice(0, -mostDeparted));
  const forgotten = departed.filter((member) => surplus.has(member) || nowMs - member.heardMs >= departedMs);
  if (forgotten.length === 0) return state;
  return { ...state, members: state.members.filter((member) => !forgotten.includes(member)) };
}
