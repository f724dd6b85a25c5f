// What the router tells of its state. Whoever asks may be told only of a state that is durable (R1).
import { endedEpochs, reapedEpochs } from './certify.js';
import { addressOf, type Configuration } from './configuration.js';
import { memberOf } from './members.js';
import { unheard } from './recover.js';
import type { Rules } from './rules.js';
import type { RouterState } from './state.js';
import { suspect } from './suspect.js';

/** For clients. */
export type Available =
  | {
      readonly kind: 'available';
      readonly masterId: string;
      readonly address: string;
      readonly epoch: number;
      readonly clusterId: string;
    }
  /** No master may serve; one of these could (R3). */
  | { readonly kind: 'none'; readonly epoch: number; readonly waitsFor: readonly string[] };

/** While the router only doubts, the available master is still told: it may well serve. */
export function available(rules: Rules, state: RouterState, nowMs: number): Available {
  const { configuration } = state.durable;
  if (state.standing.kind !== 'deciding' || configuration === undefined) {
    return { kind: 'none', epoch: configuration?.epoch ?? 0, waitsFor: unheard(state) };
  }
  const { clusterId, availableId: masterId, epoch, inSyncIds } = configuration;
  if (suspect(rules, state, nowMs).kind === 'lost' || isForsaken(rules, state, nowMs)) {
    return { kind: 'none', epoch, waitsFor: inSyncIds };
  }
  return { kind: 'available', masterId, address: addressOf(configuration, masterId), epoch, clusterId };
}

/** Silent for longer than a suspicion, and no standby that says otherwise. */
function isForsaken(rules: Rules, state: RouterState, nowMs: number): boolean {
  const { configuration } = state.durable;
  const member = memberOf(state, configuration?.availableId ?? '');
  const heardMs = member?.heardMs ?? state.startedMs;
  if (nowMs - heardMs < rules.suspicionMs || nowMs < state.patientUntilMs) return false;
  return !state.members.some(
    ({ masterId, witness }) =>
      masterId !== configuration?.availableId &&
      witness?.epoch === configuration?.epoch &&
      witness !== undefined &&
      nowMs - witness.heardMs < rules.suspicionMs,
  );
}

/** For one master, in every answer to its pings. */
export interface Orders {
  readonly configuration: Configuration | undefined;
  readonly endedEpochs: readonly number[];
  readonly reapedEpochs: readonly number[];
  /** Empty: nothing is asked. */
  readonly resignToMasterId: string;
}

export function ordersFor(state: RouterState, masterId: string): Orders {
  const { configuration } = state.durable;
  const asked = configuration?.availableId === masterId ? state.switchover?.toMasterId : undefined;
  return {
    configuration,
    endedEpochs: endedEpochs(state),
    reapedEpochs: reapedEpochs(state),
    resignToMasterId: asked ?? '',
  };
}
