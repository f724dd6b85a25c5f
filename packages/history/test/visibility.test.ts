import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { ChangeRecord, PostRecord } from '../src/index.js';
import { Visibility } from '../src/visibility.js';

const author = 'ann';
const never = Number.POSITIVE_INFINITY;
const moment = fc.integer({ min: 0, max: 12 });
const change = fc
  .record({
    kind: fc.constantFrom('follow' as const, 'unfollow' as const),
    begunMs: moment,
    length: moment,
    outcome: fc.constantFrom('acknowledged' as const, 'unknown' as const, 'refused' as const),
  })
  .map(({ length, ...rest }): ChangeRecord => {
    const endedMs = rest.outcome === 'unknown' ? never : rest.begunMs + length;
    return { ...rest, reader: 'rea', author, endedMs };
  });
const post = fc.record({ begunMs: moment, length: moment }).map(({ begunMs, length }): PostRecord => {
  return { id: 'p', author, text: '', begunMs, endedMs: begunMs + length, outcome: 'acknowledged', tries: 1 };
});

/** As one would say it in words, over all pairs. */
function surely(changes: readonly ChangeRecord[], { begunMs }: PostRecord, untilMs: number): boolean {
  const unfollows = changes.filter(({ kind, outcome }) => kind === 'unfollow' && outcome !== 'refused');
  return changes.some(
    (follow) =>
      follow.kind === 'follow' &&
      follow.outcome === 'acknowledged' &&
      follow.endedMs < begunMs &&
      !unfollows.some((one) => one.endedMs >= follow.begunMs && one.begunMs <= untilMs),
  );
}

function possibly(changes: readonly ChangeRecord[], made: PostRecord, sinceMs: number): boolean {
  const shownMs = Math.max(made.begunMs, sinceMs);
  const left = changes.filter(({ kind, outcome }) => kind === 'unfollow' && outcome === 'acknowledged');
  return changes.some(
    (follow) =>
      follow.kind === 'follow' &&
      follow.outcome !== 'refused' &&
      follow.begunMs <= made.endedMs &&
      !left.some((one) => one.begunMs > follow.endedMs && one.endedMs < shownMs),
  );
}

describe('Who has to see what, and who may', () => {
  test('is found by halving as it is found by looking at every pair of follow and unfollow', () => {
    fc.assert(
      fc.property(fc.array(change, { maxLength: 8 }), post, moment, (changes, made, ms) => {
        const visibility = new Visibility(changes, [made]);
        expect(visibility.mustSee('rea', made, ms)).toBe(surely(changes, made, ms));
        expect(visibility.maySee('rea', made, ms)).toBe(possibly(changes, made, ms));
      }),
      { numRuns: 3_000 },
    );
  });

  test('one unfollow ends two follows', () => {
    const times = (begunMs: number) => ({ begunMs, endedMs: begunMs + 1, outcome: 'acknowledged' as const });
    const follow = { kind: 'follow' as const, reader: 'rea', author };
    const changes = [
      { ...follow, ...times(1) },
      { ...follow, ...times(3) },
      { ...follow, ...times(5), kind: 'unfollow' as const },
    ];
    const made: PostRecord = { id: 'p', author, text: '', tries: 1, ...times(7) };
    const visibility = new Visibility(changes, [made]);
    expect(visibility.mustSee('rea', made, 9)).toBe(false);
    expect(visibility.maySee('rea', made, 9)).toBe(false);
  });
});
