import { REASONS, type Reason } from '@everline/contracts';
import { status } from '@grpc/grpc-js';

/** What the end of one try means for the whole call (C4). Pure. */

export type TryEnd =
  /** The server said why, with a reason of the contract. */
  | {
      readonly kind: 'refused';
      readonly code: number;
      readonly reason: string;
      readonly retryAfterMs: number | undefined;
    }
  /** A status without a reason: the transport's own, or a stranger's. */
  | { readonly kind: 'failed'; readonly code: number }
  /** Given up here: its master is not the available one any more, or was silent for too long. */
  | { readonly kind: 'cut' };

export interface Judgement {
  readonly next: 'end' | 'again';
  /** This try may have left the command behind. */
  readonly mayBeDone: boolean;
  /** It settles what earlier tries left open: answers are remembered by id (M15), so a final no means that none of them was carried out. */
  readonly settles: boolean;
  /** The connection deserves no more trust. */
  readonly doubt: boolean;
}

/** M6: these also answer calls that wait for their commit, and an uncommitted entry may live or vanish (M7). */
const mayLeaveAnEntry: ReadonlySet<string> = new Set<Reason>([
  'NOT_AVAILABLE_MASTER',
  'ROLE_MOVED',
  'SHUTTING_DOWN',
  'STALE_EPOCH',
  'UNEXPECTED',
]);

/** Said of the moment, not of the command: no word about what became of earlier tries. */
const settlesNothing: ReadonlySet<string> = new Set<Reason>(['DISK_FULL', 'REQUEST_TOO_OLD']);

export function judge(end: TryEnd): Judgement {
  switch (end.kind) {
    case 'cut':
      return { next: 'again', mayBeDone: true, settles: false, doubt: false };
    case 'failed':
      return transportEnds.has(end.code)
        ? { next: 'again', mayBeDone: true, settles: false, doubt: true }
        : { next: 'end', mayBeDone: false, settles: true, doubt: false };
    case 'refused':
      return judgeRefusal(end.reason, end.code, end.retryAfterMs);
  }
}

function judgeRefusal(reason: string, code: number, retryAfterMs: number | undefined): Judgement {
  if (mayLeaveAnEntry.has(reason)) return { next: 'again', mayBeDone: true, settles: false, doubt: false };
  const passing = isReason(reason) ? REASONS[reason].retryable : code === status.UNAVAILABLE;
  if (passing || retryAfterMs !== undefined) {
    return { next: 'again', mayBeDone: false, settles: false, doubt: false };
  }
  return { next: 'end', mayBeDone: false, settles: !settlesNothing.has(reason), doubt: false };
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
