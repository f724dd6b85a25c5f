// AddMaster: a master registers, or registers anew.
// R6 A returning master goes to the end of the list; the same process that merely dialled anew keeps its place.
// R7 A registration replaces the one before: nothing is believed from an older incarnation, nor from another storage at the
//    same address, nor from a journal that has lost what it once reported as committed.
// R9 A cluster is formed only by a master that never belonged to one; nobody joins a cluster with another id.

import { type Configuration, isListed } from './configuration.js';
import { dataLost, reportedCommitted } from './data-lost.js';
import { form } from './form.js';
import type { Instant } from './instant.js';
import { mostMasters } from './limits.js';
import { withListing } from './listing.js';
import { isAlive, memberOf, nameOf, withMember } from './members.js';
import { outdatedBy, stillOutdated } from './outdated.js';
import { ownValue } from './own-value.js';
import { record } from './record.js';
import { collect } from './recover.js';
import { type Outcome, refuse } from './refused.js';
import { memberFrom, type Registration } from './registration.js';
import type { Rules } from './rules.js';
import type { Member, RouterState } from './state.js';
import { withFirstSign } from './stream.js';

export function register(rules: Rules, state: RouterState, event: Registration, at: Instant): Outcome {
  if (state.deadIncarnations.includes(event.incarnation)) {
    return refuse(state, 'NOT_REGISTERED', 'a watchdog reported this process dead');
  }
  if (state.standing.kind === 'recovering') return collect(state, event, at);
  if (state.standing.kind === 'outdated') return stillOutdated(state);
  const { configuration } = state.durable;
  if (configuration === undefined) {
    // R9: never a new cluster around a master that belongs to one.
    if (event.clusterId === '') return form(rules, state, event, at);
    return refuse(
      state,
      'CLUSTER_UNKNOWN',
      `master ${event.masterId} belongs to cluster ${event.clusterId}, and this router has no state: start it with --recover`,
      { cluster_id: event.clusterId },
    );
  }
  return objection(rules, state, configuration, event, at) ?? enlist(state, configuration, event, at);
}

function objection(
  rules: Rules,
  state: RouterState,
  configuration: Configuration,
  event: Registration,
  at: Instant,
): Outcome | undefined {
  const { masterId, address } = event;
  if (event.clusterId !== '' && event.clusterId !== configuration.clusterId) {
    const text = `this router serves cluster ${configuration.clusterId}, not ${event.clusterId}`;
    return refuse(state, 'FOREIGN_CLUSTER', text, { cluster_id: configuration.clusterId }); // R9
  }
  if (event.version > configuration.version || event.epoch > configuration.epoch) {
    const outdated = outdatedBy(rules, state, event.version); // R1
    return outdated.state.standing.kind === 'recovering' ? collect(outdated.state, event, at) : outdated;
  }
  const former = memberOf(state, masterId);
  if (former !== undefined && former.incarnation !== event.incarnation && isPinging(rules, former, at)) {
    const text = `${nameOf(state, masterId)} runs already: another process has this data directory's id`;
    return refuse(state, 'DUPLICATE_INCARNATION', text, { address: former.address });
  }
  const holder = state.members.find((member) => member.address === address && member.masterId !== masterId);
  if (holder !== undefined && isPinging(rules, holder, at)) {
    return refuse(state, 'ADDRESS_TAKEN', `${nameOf(state, holder.masterId)} lives at ${address}`);
  }
  const committed = reportedCommitted(state, masterId);
  if (event.lastSeq < committed) return dataLost(state, event, committed); // R7
  if (!isListed(configuration, masterId) && configuration.masters.length >= mostMasters) {
    return refuse(state, 'TOO_MANY_MASTERS', `${mostMasters} masters are listed already`);
  }
  return undefined;
}

function isPinging(rules: Rules, member: Member, at: Instant): boolean {
  return member.stream.phase === 'open' && isAlive(rules, member, at.nowMs);
}

function enlist(state: RouterState, configuration: Configuration, event: Registration, at: Instant): Outcome {
  const { masterId, address, incarnation } = event;
  const isNewProcess = ownValue(state.durable.incarnations, masterId) !== incarnation;
  const listed = withListing(configuration, { masterId, address }, isNewProcess ? 'end' : 'keep'); // R6
  const member = memberFrom(event, memberOf(state, masterId), reportedCommitted(state, masterId), at);
  const registered = withMember(
    {
      ...state,
      durable: listed === configuration ? state.durable : { ...state.durable, configuration: listed },
      members: state.members.map((other) => (other.address === address ? superseded(other, at) : other)), // R7
    },
    member,
  );
  return { state: isNewProcess ? announce(registered, listed, event, at) : registered };
}

/** Another process holds its address now. */
function superseded(member: Member, at: Instant): Member {
  return member.stream.phase === 'dead'
    ? member
    : { ...member, stream: { phase: 'broken', sinceMs: at.nowMs } };
}

function announce(
  state: RouterState,
  { masters }: Configuration,
  { masterId, incarnation }: Registration,
  at: Instant,
): RouterState {
  const listed = new Set(masters.map((listing) => listing.masterId));
  const kept = Object.entries(state.durable.incarnations).filter(([id]) => listed.has(id));
  const incarnations = Object.fromEntries([...kept, [masterId, incarnation]]);
  const noted = { ...state, durable: { ...state.durable, incarnations } };
  const what = `${nameOf(noted, masterId)} joined`;
  return record(withFirstSign(noted, masterId, at), { kind: 'joined', masterId, what }, at);
}
