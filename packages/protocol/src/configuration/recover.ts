// A router without state, or with one from a backup, rebuilds it from the copies that the masters keep.
// R9 The highest version wins, once every master that it lists was heard: one that was not in sync yet may have come in, and taken
//    over, in a configuration that nobody heard has kept. The epoch is newer than any that was seen, by clients, too.
//    Nor must anybody have kept the copy of a later reign: then the journals tell of it, and whoever has the most of it has all that
//    was committed in it.
// R7 A master that holds less than anybody has seen committed is no candidate. Who does not hold all that the chosen one holds is not
//    in sync: a smaller set may have been granted, and used, of which nobody has kept a copy.
import { beginReign } from './begin-reign.js';
import { type Configuration, isInSync, isListed } from './configuration.js';
import type { Instant } from './instant.js';
import { mostMasters, recoveredEpochStep, recoveredVersionStep } from './limits.js';
import { record } from './record.js';
import { type Outcome, refuse } from './refused.js';
import { memberFrom, type Registration } from './registration.js';
import type { RouterState } from './state.js';

/** What a master brought, and when. */
export interface Copy {
  readonly registration: Registration;
  readonly at: Instant;
}

export function collect(state: RouterState, event: Registration, at: Instant): Outcome {
  if (state.standing.kind !== 'recovering') return { state };
  const others = state.standing.copies.filter(
    ({ registration }) => registration.masterId !== event.masterId && registration.address !== event.address,
  );
  const clusterId = others.find(({ registration }) => registration.clusterId !== '')?.registration.clusterId;
  const known = state.durable.configuration?.clusterId ?? clusterId ?? event.clusterId;
  if (event.clusterId !== '' && event.clusterId !== known) {
    const text = `this router rebuilds cluster ${known}, not ${event.clusterId}`;
    return refuse(state, 'FOREIGN_CLUSTER', text, { cluster_id: known });
  }
  const copies = [...others.slice(1 - mostMasters), { registration: event, at }];
  const collecting = { ...state, standing: { kind: 'recovering', copies } } as const;
  const rebuilt = rebuild(collecting, copies, at);
  return rebuilt === undefined ? stillRecovering(collecting) : { state: rebuilt };
}

export function stillRecovering(state: RouterState): Outcome {
  const ids = unheard(state);
  const what =
    ids.length > 0 ? `waits for ${ids.join(', ')}` : 'waits for a master that holds all that was committed';
  const text = `this router rebuilds its state from the masters and ${what}`;
  return refuse(state, 'ROUTER_RECOVERING', text, { waits_for: ids.join(',') });
}

/** The newest configuration that anybody knows, this router's own included. */
export function newestCopy(state: RouterState): Configuration | undefined {
  if (state.standing.kind !== 'recovering') return state.durable.configuration;
  return state.standing.copies
    .map(({ registration }) => registration.configuration)
    .concat(state.durable.configuration)
    .filter((configuration) => configuration !== undefined)
    .reduce<Configuration | undefined>(
      (newest, one) => (newest === undefined || one.version > newest.version ? one : newest),
      undefined,
    );
}

/** R9: masters of the newest configuration that nobody has heard yet. */
export function unheard(state: RouterState): readonly string[] {
  if (state.standing.kind !== 'recovering') return [];
  const heard = new Set(state.standing.copies.map(({ registration }) => registration.masterId));
  const listed = newestCopy(state)?.masters ?? [];
  return listed.map(({ masterId }) => masterId).filter((id) => !heard.has(id));
}

function rebuild(state: RouterState, copies: readonly Copy[], at: Instant): RouterState | undefined {
  const newest = newestCopy(state);
  if (newest === undefined || unheard(state).length > 0) return undefined; // R9
  const registrations = copies.map(({ registration }) => registration);
  const chosen = choose(newest, registrations);
  if (chosen === undefined) return undefined;
  const alike = registrations.filter((one) => holdsAllOf(one, chosen)).map(({ masterId }) => masterId);
  const inSyncIds = newest.inSyncIds.filter((id) => alike.includes(id));
  if (!inSyncIds.includes(chosen.masterId)) inSyncIds.push(chosen.masterId);
  const renewal = { ...renewed(newest, registrations), inSyncIds };
  const rebuilt = beginReign(adopt(state, copies), renewal, chosen);
  const what = `the configuration was rebuilt from the copies of ${copies.length} masters`;
  return record(rebuilt, { kind: 'recovered', masterId: chosen.masterId, what }, at);
}

function choose(newest: Configuration, registrations: readonly Registration[]): Registration | undefined {
  const committedSeq = Math.max(...registrations.map((one) => one.committedSeq));
  const whole = registrations
    .filter(({ lastSeq }) => lastSeq >= committedSeq) // R7
    .toSorted((a, b) => b.lastEpoch - a.lastEpoch || b.lastSeq - a.lastSeq);
  const latest = Math.max(...registrations.map((one) => one.lastEpoch));
  if (latest > newest.epoch) return whole.find(({ lastEpoch }) => lastEpoch === latest); // R9: of a reign that no copy tells of
  const inSync = whole.filter(({ masterId }) => isInSync(newest, masterId));
  return inSync.find(({ masterId }) => masterId === newest.availableId) ?? inSync[0]; // R6: the incumbent stays
}

/** Journals with the same entry are the same up to it. */
function holdsAllOf(one: Registration, other: Registration): boolean {
  return one.lastEpoch === other.lastEpoch && one.lastSeq >= other.lastSeq;
}

/** Newer than all that anybody brought. */
export function renewed(newest: Configuration, registrations: readonly Registration[]): Configuration {
  const version = Math.max(newest.version, ...registrations.map((one) => one.version));
  const epoch = Math.max(newest.epoch, ...registrations.map((one) => one.epoch));
  const addresses = new Map(registrations.map(({ masterId, address }) => [masterId, address]));
  const listed = newest.masters
    .filter(({ masterId }) => addresses.has(masterId) || isInSync(newest, masterId))
    .map(({ masterId, address }) => ({ masterId, address: addresses.get(masterId) ?? address }));
  const added = registrations
    .filter(({ masterId }) => !isListed(newest, masterId))
    .map(({ masterId, address }) => ({ masterId, address }));
  return {
    ...newest,
    version: version + recoveredVersionStep,
    epoch: epoch + recoveredEpochStep,
    masters: [...listed, ...added],
  };
}

/** Those who brought the copies are registered by it. */
export function adopt(state: RouterState, copies: readonly Copy[]): RouterState {
  const incarnations = copies.map(({ registration: one }) => [one.masterId, one.incarnation] as const);
  return {
    ...state,
    durable: { ...state.durable, reigns: [], incarnations: Object.fromEntries(incarnations) },
    members: copies.map(({ registration, at }) =>
      memberFrom(registration, undefined, registration.committedSeq, at),
    ),
    standing: { kind: 'deciding' },
  };
}
