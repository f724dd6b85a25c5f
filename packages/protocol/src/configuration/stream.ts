// A master's DualPing stream opens and breaks. Streams are numbered by the router: a late break of an older one means nothing.
import { isListed } from './configuration.js';
import type { Instant } from './instant.js';
import { memberOf, nameOf, withMember } from './members.js';
import { type Outcome, refuse } from './refused.js';
import type { RouterState } from './state.js';

export interface StreamOpened {
  readonly kind: 'stream-opened';
  readonly masterId: string;
  readonly incarnation: string;
  readonly streamId: number;
}

export interface StreamBroken {
  readonly kind: 'stream-broken';
  readonly masterId: string;
  readonly streamId: number;
}

export function openStream(state: RouterState, event: StreamOpened, at: Instant): Outcome {
  const member = memberOf(state, event.masterId);
  const { configuration } = state.durable;
  const listed = configuration !== undefined && isListed(configuration, event.masterId);
  // R7: only the latest registration speaks for this master.
  if (!listed || member === undefined || member.incarnation !== event.incarnation) {
    return refuse(state, 'NOT_REGISTERED', `master ${event.masterId} has to register first (AddMaster)`);
  }
  if (member.stream.phase === 'dead') {
    return refuse(state, 'NOT_REGISTERED', `${nameOf(state, event.masterId)} was reported dead`);
  }
  const stream = { phase: 'open', id: event.streamId, sinceWallMs: at.wallMs } as const;
  return { state: withMember(state, { ...member, stream, heardMs: at.nowMs }) };
}

export function breakStream(state: RouterState, event: StreamBroken, at: Instant): Outcome {
  const member = memberOf(state, event.masterId);
  if (member?.stream.phase !== 'open' || member.stream.id !== event.streamId) return { state };
  const broken = withMember(state, { ...member, stream: { phase: 'broken', sinceMs: at.nowMs } });
  return { state: withFirstSign(broken, event.masterId, at) };
}

/** The first sign that the available master fails begins the time that the failover takes. */
export function withFirstSign(state: RouterState, masterId: string, at: Instant): RouterState {
  if (state.durable.configuration?.availableId !== masterId || state.firstSignMs !== undefined) return state;
  return { ...state, firstSignMs: at.nowMs };
}
