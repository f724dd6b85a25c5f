// R9 A cluster is formed by the first master that registers with a router that has no state, if it never belonged to one.
import { beginReign } from './begin-reign.js';
import type { Configuration } from './configuration.js';
import type { Instant } from './instant.js';
import { nameOf, withMember } from './members.js';
import { record } from './record.js';
import type { Outcome } from './refused.js';
import { memberFrom, type Registration } from './registration.js';
import type { Rules } from './rules.js';
import type { RouterState } from './state.js';

/** Version 1, epoch 1, available and in sync: this master alone. */
export function form(rules: Rules, state: RouterState, event: Registration, at: Instant): Outcome {
  const { masterId, address, incarnation } = event;
  const unformed: Configuration = {
    clusterId: event.newClusterId,
    version: 0,
    epoch: 0,
    availableId: '',
    inSyncIds: [masterId],
    masters: [{ masterId, address }],
    minInSync: rules.minInSync,
    history: 1,
  };
  const registered = withMember(state, memberFrom(event, undefined, event.committedSeq, at));
  const formed = beginReign(registered, unformed, event);
  const noted = { ...formed, durable: { ...formed.durable, incarnations: { [masterId]: incarnation } } };
  const what = `${nameOf(noted, masterId)} formed the cluster and is available`;
  return { state: record(noted, { kind: 'formed', masterId, what }, at) };
}
