import { REASONS, type Reason } from '@everline/contracts';
import type { Judgement } from '@everline/protocol/caller';
import { status } from '@grpc/grpc-js';
import { describe, expect, test } from '@jest/globals';
import { judge } from '../src/calls/judgement.js';

const reasons = Object.keys(REASONS) as Reason[];

function refused(reason: string, code: number, retryAfterMs?: number): Judgement {
  return judge({ kind: 'refused', reason, code, retryAfterMs });
}

describe('what the end of a try means', () => {
  test.each(reasons)(
    'C4: %s is tried again exactly when the contract calls it retryable, or when it tells nothing',
    (reason) => {
      const { code, retryable } = REASONS[reason];
      const again = retryable || reason === 'UNEXPECTED' || reason === 'STALE_EPOCH';
      expect(refused(reason, code).next).toBe(again ? 'again' : 'end');
    },
  );

  test('C4: a master that steps down may leave the command in its journal', () => {
    for (const reason of ['NOT_AVAILABLE_MASTER', 'ROLE_MOVED', 'SHUTTING_DOWN'] as const) {
      expect(refused(reason, status.UNAVAILABLE)).toMatchObject({
        next: 'again',
        mayBeDone: true,
        settles: false,
      });
    }
  });

  test('C4: a passing refusal before the append left nothing, and settles nothing about earlier tries', () => {
    for (const reason of ['QUEUE_FULL', 'BELOW_MIN_IN_SYNC'] as const) {
      expect(refused(reason, REASONS[reason].code)).toMatchObject({
        next: 'again',
        mayBeDone: false,
        settles: false,
      });
    }
  });

  test('C4: a final answer settles earlier tries too, but a full disk speaks only of itself', () => {
    expect(refused('ALREADY_FOLLOWED', status.ALREADY_EXISTS)).toMatchObject({ next: 'end', settles: true });
    expect(refused('DISK_FULL', status.RESOURCE_EXHAUSTED)).toMatchObject({ next: 'end', settles: false });
  });

  test('a broken connection leaves the outcome open and deserves no more trust', () => {
    for (const code of [status.UNAVAILABLE, status.CANCELLED, status.INTERNAL, status.UNKNOWN]) {
      expect(judge({ kind: 'failed', code })).toEqual({
        next: 'again',
        mayBeDone: true,
        settles: false,
        doubt: true,
      });
    }
  });

  test('a status without a reason that no transport gives is a final no', () => {
    for (const code of [
      status.INVALID_ARGUMENT,
      status.UNIMPLEMENTED,
      status.PERMISSION_DENIED,
      status.RESOURCE_EXHAUSTED,
    ]) {
      expect(judge({ kind: 'failed', code })).toMatchObject({ next: 'end', mayBeDone: false });
    }
  });

  test('a reason of a newer server is judged by its code and its retry_after', () => {
    expect(refused('OF_NEXT_YEAR', status.FAILED_PRECONDITION).next).toBe('end');
    expect(refused('OF_NEXT_YEAR', status.UNAVAILABLE).next).toBe('again');
    expect(refused('OF_NEXT_YEAR', status.RESOURCE_EXHAUSTED, 50).next).toBe('again');
    expect(refused('toString', status.FAILED_PRECONDITION).next).toBe('end');
  });
});
