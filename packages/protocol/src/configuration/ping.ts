// A ping is a sign of life, a position, and a witness' word (R8).
import { certify } from './certify.js';
import { dataLost, reportedCommitted } from './data-lost.js';
import type { Instant } from './instant.js';
import { memberOf, withMember } from './members.js';
import { outdatedBy } from './outdated.js';
import { type Outcome, refuse } from './refused.js';
import type { Rules } from './rules.js';
import type { Member, RouterState } from './state.js';

export interface Pinged {
  readonly kind: 'pinged';
  readonly masterId: string;
  readonly incarnation: string;
  readonly streamId: number;
  readonly epoch: number;
  readonly lastSeq: number;
  readonly committedSeq: number;
  /** How long ago it last heard the available master of `epoch`; if it never did, since it knows of that epoch. */
  readonly heardAvailableMsAgo: number;
  readonly availableUnreachable: boolean;
  /** 0 when it resigned from none. */
  readonly resignedEpoch: number;
  readonly stateHash: string;
  readonly stateHashSeq: number;
}

export function ping(rules: Rules, state: RouterState, event: Pinged, at: Instant): Outcome {
  const member = memberOf(state, event.masterId);
  // R7: only the latest registration speaks for this master, and only over its present stream.
  if (member?.incarnation !== event.incarnation || !isOver(member, event.streamId)) {
    return refuse(state, 'NOT_REGISTERED', `master ${event.masterId} has to register first (AddMaster)`);
  }
  if (event.epoch > (state.durable.configuration?.epoch ?? 0)) {
    return outdatedBy(rules, state, state.durable.configuration?.version ?? 0);
  }
  const committed = reportedCommitted(state, event.masterId);
  if (event.lastSeq < committed) return dataLost(breakOff(state, member, at), event, committed); // R7
  const heard = withMember(state, refreshed(member, event, at));
  const isAvailable = state.durable.configuration?.availableId === event.masterId;
  const well = isAvailable ? { ...heard, firstSignMs: undefined } : heard;
  return { state: event.resignedEpoch === 0 ? well : resign(well, event) };
}

function isOver(member: Member, streamId: number): boolean {
  return member.stream.phase === 'open' && member.stream.id === streamId;
}

function refreshed(member: Member, event: Pinged, at: Instant): Member {
  const { epoch, lastSeq, stateHash, stateHashSeq } = event;
  return {
    ...member,
    epoch,
    lastSeq,
    settled: { seq: Math.min(member.lastSeq, lastSeq), atMs: member.heardMs },
    stateHash,
    stateHashSeq,
    committedSeq: Math.max(member.committedSeq, event.committedSeq),
    heardMs: at.nowMs,
    witness: {
      epoch,
      heardMs: at.nowMs - event.heardAvailableMsAgo,
      unreachable: event.availableUnreachable,
    },
  };
}

/** M10: it has had everything acknowledged and serves no more in that epoch. Only the master of that reign may say so. */
function resign(state: RouterState, { masterId, incarnation, resignedEpoch }: Pinged): RouterState {
  return certify(
    state,
    (reign) =>
      reign.epoch === resignedEpoch && reign.masterId === masterId && reign.incarnation === incarnation,
    'resigned',
  );
}

function breakOff(state: RouterState, member: Member, at: Instant): RouterState {
  return withMember(state, { ...member, stream: { phase: 'broken', sinceMs: at.nowMs } });
}
