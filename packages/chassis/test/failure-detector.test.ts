import { expect, test } from '@jest/globals';
import { createFailureDetector } from '../src/index.js';

/** Looks every 50 ms from `fromMs` to `toMs`; hears in between when `hears` says so. */
function watch(hears: (ms: number) => boolean, gaps: readonly (readonly [number, number])[] = []) {
  const detector = createFailureDetector({ suspicionMs: 500 }, 0);
  const suspectAt: number[] = [];
  for (let ms = 0; ms <= 3_000; ms += 50) {
    if (gaps.some(([from, to]) => ms > from && ms < to)) continue;
    if (hears(ms)) detector.heard(ms);
    if (detector.look(ms) === 'suspect') suspectAt.push(ms);
  }
  return suspectAt;
}

test('R8: nobody who is heard is suspect', () => {
  expect(watch((ms) => ms % 450 === 0)).toEqual([]);
});

test('R8: silence of the suspicion time makes suspect, and a sign of life takes it back', () => {
  const suspectAt = watch((ms) => ms <= 1_000 || ms === 2_000);
  expect(suspectAt[0]).toBe(1_500);
  expect(suspectAt.filter((ms) => ms >= 2_000 && ms < 2_500)).toEqual([]);
  expect(suspectAt).toContain(2_500);
});

test('R8: whoever has just begun waits one suspicion period before it blames anybody', () => {
  expect(watch(() => false)[0]).toBe(500);
});

test('R8: after a stall of our own the silence begins anew, for the dead as for the living', () => {
  const stopped = [[1_000, 2_000]] as const;
  expect(watch((ms) => ms <= 1_000 || ms >= 2_050, stopped)).toEqual([]);
  expect(watch((ms) => ms <= 1_000, stopped)[0]).toBe(2_500);
});

test('a message that was late on its way takes nothing back', () => {
  const detector = createFailureDetector({ suspicionMs: 500, stallMs: 10_000 }, 0);
  detector.heard(400);
  detector.heard(100);
  expect(detector.silentMs(700)).toBe(300);
});
