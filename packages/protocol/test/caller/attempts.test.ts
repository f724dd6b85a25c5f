import { describe, expect, test } from '@jest/globals';
import { type Attempts, afterTry, noAttempts, type TryEnd, tryIn } from '../../src/caller/index.js';

const chance = { next: () => 0.5 };

function refused(reason: string, passing: boolean, retryAfterMs?: number): TryEnd {
  return { kind: 'refused', reason, passing, retryAfterMs };
}

function after(...ends: readonly TryEnd[]): Attempts {
  return ends.reduce<Attempts>((attempts, end) => afterTry(attempts, end, chance).attempts, noAttempts());
}

describe('The tries of one command', () => {
  test('C4: refused for good at the first try is certainly not done', () => {
    const { next } = afterTry(noAttempts(), refused('DISK_FULL', false), chance);
    expect(next).toEqual({ kind: 'end', open: false });
  });

  test('C4: refused for good after a try that was cut is unknown, unless the no settles that, too', () => {
    const cut = after({ kind: 'cut' });
    expect(afterTry(cut, refused('DISK_FULL', false), chance).next).toEqual({ kind: 'end', open: true });
    expect(afterTry(cut, refused('ALREADY_FOLLOWED', false), chance).next).toEqual({
      kind: 'end',
      open: false,
    });
  });

  test('C4: what was sent before, by whatever way, leaves the outcome open', () => {
    const { next } = afterTry(noAttempts(true), refused('DISK_FULL', false), chance);
    expect(next).toEqual({ kind: 'end', open: true });
  });

  test('C4: passing refusals leave nothing behind, a master that steps down may', () => {
    expect(after(refused('QUEUE_FULL', true), refused('BELOW_MIN_IN_SYNC', true)).mayBeDone).toBe(false);
    expect(after(refused('NOT_AVAILABLE_MASTER', true)).mayBeDone).toBe(true);
    expect(after({ kind: 'broken' }).mayBeDone).toBe(true);
  });

  test('C5: pauses grow at one master, and begin anew at another', () => {
    const busy = refused('QUEUE_FULL', true);
    const pauseOf = (attempts: Attempts): unknown => afterTry(attempts, busy, chance).next;
    const again = (pauseMs: number) => ({ kind: 'again', pauseMs, doubt: false });
    const third = tryIn(after(busy, busy), -1);
    expect(pauseOf(noAttempts())).toEqual(again(0));
    expect(pauseOf(third)).toEqual(again(10));
    expect(pauseOf(tryIn(third, 7))).toEqual(again(0));
  });

  test('a place that is given up is left at once, and doubted only when the connection broke', () => {
    expect(afterTry(noAttempts(), { kind: 'cut' }, chance).next).toEqual({
      kind: 'again',
      pauseMs: undefined,
      doubt: false,
    });
    expect(afterTry(noAttempts(), { kind: 'broken' }, chance).next).toMatchObject({ doubt: true });
  });
});
