import type { RouterState } from './state.js';

export type RefusalReason =
  | 'ADDRESS_TAKEN'
  | 'BELOW_MIN_IN_SYNC'
  | 'CLUSTER_UNKNOWN'
  | 'DATA_LOSS_NOT_ACCEPTED'
  | 'DATA_LOST'
  | 'DUPLICATE_INCARNATION'
  | 'FIELD_INVALID'
  | 'FOREIGN_CLUSTER'
  | 'NO_AVAILABLE_MASTER'
  | 'NO_CANDIDATE'
  | 'NOT_REGISTERED'
  | 'ROUTER_OUTDATED'
  | 'ROUTER_RECOVERING'
  | 'STALE_EPOCH'
  | 'STALE_VERSION'
  | 'TOO_MANY_MASTERS';

/** An expected ending: a value, not an exception. */
export interface Refused {
  readonly reason: RefusalReason;
  /** One sentence for people. */
  readonly text: string;
  readonly metadata: Readonly<Record<string, string>>;
}

/** What a decision comes to before the router settles: the next state, and the refusal if it was one. */
export interface Outcome {
  readonly state: RouterState;
  readonly refused?: Refused;
}

export function refuse(
  state: RouterState,
  reason: RefusalReason,
  text: string,
  metadata: Readonly<Record<string, string>> = {},
): Outcome {
  return { state, refused: { reason, text, metadata } };
}
