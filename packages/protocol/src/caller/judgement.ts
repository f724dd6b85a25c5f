/** What the end of one try means for the whole command (C4). */

export type TryEnd =
  /** The server said why. */
  | {
      readonly kind: 'refused';
      readonly reason: string;
      /** The reason may be gone later or elsewhere. */
      readonly passing: boolean;
      readonly retryAfterMs: number | undefined;
    }
  /** It ended without a reason: the connection broke, or what is there is no server of ours. */
  | { readonly kind: 'broken' | 'strange' }
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
const mayLeaveAnEntry: ReadonlySet<string> = new Set([
  'NOT_AVAILABLE_MASTER',
  'ROLE_MOVED',
  'SHUTTING_DOWN',
  'STALE_EPOCH',
  'UNEXPECTED',
]);

/** Said of the moment, not of the command: no word about what became of earlier tries. */
const settlesNothing: ReadonlySet<string> = new Set(['DISK_FULL', 'REQUEST_TOO_OLD']);

export function judge(end: TryEnd): Judgement {
  switch (end.kind) {
    case 'cut':
      return { next: 'again', mayBeDone: true, settles: false, doubt: false };
    case 'broken':
      return { next: 'again', mayBeDone: true, settles: false, doubt: true };
    case 'strange':
      return { next: 'end', mayBeDone: false, settles: true, doubt: false };
    case 'refused':
      return judgeRefusal(end.reason, end.passing || end.retryAfterMs !== undefined);
  }
}

function judgeRefusal(reason: string, passing: boolean): Judgement {
  if (mayLeaveAnEntry.has(reason)) return { next: 'again', mayBeDone: true, settles: false, doubt: false };
  if (passing) return { next: 'again', mayBeDone: false, settles: false, doubt: false };
  return { next: 'end', mayBeDone: false, settles: !settlesNothing.has(reason), doubt: false };
}
