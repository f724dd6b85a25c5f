import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { type HangVerdict, hearAnswer, tick, watchFrom } from '../../src/policy/hang.js';

const rule = { pingMs: 1_000, missed: 3 };

/** `.` a tick in time, `a` an answer, `z` a long sleep of our own before the next tick. */
function play(story: string): HangVerdict[] {
  let nowMs = 0;
  let state = watchFrom(nowMs);
  const verdicts: HangVerdict[] = [];
  for (const step of story) {
    if (step === 'a') state = hearAnswer(state, nowMs + 1);
    if (step === 'z') nowMs += 60_000;
    if (step !== '.') continue;
    nowMs += rule.pingMs;
    const result = tick(state, nowMs, rule);
    state = result.state;
    verdicts.push(result.verdict);
  }
  return verdicts;
}

describe('W4: a hang', () => {
  it('is three pings in a row without an answer', () => {
    expect(play('...')).toEqual(['well', 'well', 'hung']);
  });

  it('is forgotten with every answer', () => {
    const verdicts = play('..a..a..a....');
    expect(verdicts.pop()).toBe('hung');
    expect(new Set(verdicts)).toEqual(new Set(['well']));
  });

  it('W10: is not called after a sleep of our own: the count begins anew', () => {
    expect(play('..z...')).toEqual(['well', 'well', 'late-ourselves', 'well', 'well']);
    expect(play('..z....').at(-1)).toBe('hung');
  });

  it('W10: a watchdog that is late all the time accuses nobody', () => {
    expect(play('z.z.z.z.z.z.')).toEqual(Array.from({ length: 6 }, () => 'late-ourselves'));
  });

  it('whatever happens: nobody is called hung who answered within the last three ticks in time', () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom('.', 'a', 'z'), maxLength: 80 }), (story) => {
        let inTime = 0;
        let ticks = 0;
        const verdicts = play(story);
        let slept = false;
        for (const step of story) {
          if (step === 'a') inTime = -1;
          if (step === 'z') slept = true;
          if (step !== '.') continue;
          inTime = slept ? 0 : inTime + 1;
          slept = false;
          if (verdicts[ticks++] === 'hung') expect(inTime).toBeGreaterThanOrEqual(rule.missed);
        }
      }),
    );
  });
});
