import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { decideRestart, noRestarts, type RestartHistory } from '../../src/policy/restart.js';

const intensity = {
  settledMs: 1_000,
  firstDelayMs: 100,
  maxDelayMs: 5_000,
  forgetMs: 60_000,
  maxDeaths: 5,
  withinMs: 30_000,
  heldMs: 30_000,
};

interface Life {
  /** Between the last death and this one. */
  readonly afterMs: number;
  readonly readyMs: number;
}

/** The delays after each death, with all of the chance used. */
function delays(lives: readonly Life[], chance = 1): { delays: number[]; last: RestartHistory } {
  let nowMs = 0;
  let history = noRestarts;
  const taken = lives.map(({ afterMs, readyMs }) => {
    nowMs += afterMs;
    const decision = decideRestart(history, { nowMs, readyMs, aliveMs: readyMs }, intensity, chance);
    history = decision.history;
    return decision.delayMs;
  });
  return { delays: taken, last: history };
}

describe('W5: when a child is started again', () => {
  it('at once when it had been ready for more than a second', () => {
    expect(delays([{ afterMs: 0, readyMs: 1_001 }]).delays).toEqual([0]);
    expect(delays([{ afterMs: 0, readyMs: 1_000 }]).delays).toEqual([100]);
  });

  it('else after 100 ms, doubled up to 5 s, as long as the deaths are rare', () => {
    const rare = Array.from({ length: 9 }, () => ({ afterMs: 31_000, readyMs: 0 }));
    expect(delays(rare).delays).toEqual([100, 200, 400, 800, 1_600, 3_200, 5_000, 5_000, 5_000]);
  });

  it('with full jitter', () => {
    expect(delays([{ afterMs: 0, readyMs: 0 }], 0).delays).toEqual([0]);
    expect(delays([{ afterMs: 0, readyMs: 0 }], 0.5).delays).toEqual([50]);
  });

  it('more than five deaths in 30 s: held, one try in 30 s, and never dead for ever', () => {
    const fast = Array.from({ length: 8 }, () => ({ afterMs: 10, readyMs: 2_000 }));
    expect(delays(fast).delays).toEqual([0, 0, 0, 0, 0, 28_000, 28_000, 28_000]);
    expect(delays(fast).last.held).toBe(true);
  });

  it('held until it was ready for 6 s, which at five deaths in 30 s is each one’s share; after 60 s all is forgotten', () => {
    const fast = Array.from({ length: 6 }, () => ({ afterMs: 10, readyMs: 2_000 }));
    const again = delays([...fast, { afterMs: 35_999, readyMs: 5_999 }]);
    expect(again.delays.at(-1)).toBe(24_001);
    expect(again.last.held).toBe(true);
    const calm = delays([...fast, { afterMs: 36_000, readyMs: 6_000 }]);
    expect(calm.delays.at(-1)).toBe(0);
    expect(calm.last.held).toBe(false);
    const healed = delays([...fast, { afterMs: 90_000, readyMs: 60_000 }]);
    expect(healed.last).toMatchObject({ held: false, unsettled: 0, restarts: 7, deathsAtMs: [90_060] });
  });

  it('a life of 6 s ends the row of those that were too short', () => {
    const short = { afterMs: 31_000, readyMs: 0 };
    expect(delays([short, short, { afterMs: 31_000, readyMs: 6_000 }, short]).delays).toEqual([
      100, 200, 0, 100,
    ]);
  });

  it('whatever happens: every delay is bounded, the history is bounded, and a seventh death in 30 s is never at once', () => {
    const life = fc.record({ afterMs: fc.nat(40_000), readyMs: fc.nat(70_000) });
    fc.assert(
      fc.property(
        fc.array(life, { maxLength: 60 }),
        fc.double({ min: 0, max: 0.999_999, noNaN: true }),
        (lives, chance) => {
          let nowMs = 0;
          let history = noRestarts;
          for (const { afterMs, readyMs } of lives) {
            nowMs += afterMs;
            const decision = decideRestart(history, { nowMs, readyMs, aliveMs: readyMs }, intensity, chance);
            expect(decision.delayMs).toBeGreaterThanOrEqual(0);
            expect(decision.delayMs).toBeLessThanOrEqual(intensity.heldMs);
            expect(decision.history.deathsAtMs.length).toBeLessThanOrEqual(intensity.maxDeaths + 1);
            if (decision.history.deathsAtMs.length > intensity.maxDeaths)
              expect(decision.history.held).toBe(true);
            if (decision.history.held)
              expect(decision.delayMs).toBeGreaterThanOrEqual(intensity.firstDelayMs);
            history = decision.history;
          }
          expect(history.restarts).toBe(lives.length);
        },
      ),
    );
  });
});
