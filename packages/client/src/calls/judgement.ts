import { REASONS, type Reason } from '@everline/contracts';
import { type Judgement, judge as judgeEnd, type TryEnd } from '@everline/protocol/caller';
import { status } from '@grpc/grpc-js';

/** How a try ended, as gRPC tells it. */
export type CallEnd =
  /** With a reason of the contract. */
  | {
      readonly kind: 'refused';
      readonly code: number;
      readonly reason: string;
      readonly retryAfterMs: number | undefined;
    }
  /** A status without a reason: the transport's own, or a stranger's. */
  | { readonly kind: 'failed'; readonly code: number }
  | { readonly kind: 'cut' };

export function judge(end: CallEnd): Judgement {
  return judgeEnd(tryEndOf(end));
}

/** A reason that this client does not know yet is judged by its code. */
export function tryEndOf(end: CallEnd): TryEnd {
  switch (end.kind) {
    case 'cut':
      return end;
    case 'failed':
      return { kind: transportEnds.has(end.code) ? 'broken' : 'strange' };
    case 'refused': {
      const { code, reason, retryAfterMs } = end;
      const passing = isReason(reason) ? REASONS[reason].retryable : code === status.UNAVAILABLE;
      return { kind: 'refused', reason, passing, retryAfterMs };
    }
  }
}

/** Codes that grpc-js itself gives to broken connections and streams. */
const transportEnds: ReadonlySet<number> = new Set([
  status.UNAVAILABLE,
  status.CANCELLED,
  status.INTERNAL,
  status.UNKNOWN,
  status.ABORTED,
  status.DATA_LOSS,
  status.DEADLINE_EXCEEDED,
]);

function isReason(reason: string): reason is Reason {
  return Object.hasOwn(REASONS, reason);
}
