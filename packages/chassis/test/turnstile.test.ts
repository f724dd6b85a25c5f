import { describe, expect, test } from '@jest/globals';
import { systemClock } from '../src/clock.js';
import { Turnstile } from '../src/turnstile.js';

/** Turns made by hand; each newcomer costs its turn something. */
function gate(costMs: number) {
  let nowMs = 0;
  const soon: (() => void)[] = [];
  const turnstile = new Turnstile({ ...systemClock, nowMs: () => nowMs, soon: (fn) => void soon.push(fn) });
  const entered: number[] = [];
  const come = (name: number): void =>
    turnstile.pass(() => {
      entered.push(name);
      nowMs += costMs;
    });
  const turn = (): number => {
    const before = entered.length;
    for (const fn of soon.splice(0)) fn();
    return entered.length - before;
  };
  return { come, entered, turn, idle: () => soon.length === 0 };
}

describe('a turnstile', () => {
  test('is not felt by a few', () => {
    const { come, entered } = gate(1);
    come(1);
    come(2);
    expect(entered).toEqual([1, 2]);
  });

  test('lets a crowd in by and by, in order, more of them while they cost little', () => {
    const { come, entered, turn, idle } = gate(0.1);
    for (let name = 0; name < 1_000; name++) come(name);
    const steps: number[] = [];
    while (!idle()) steps.push(turn());
    expect(entered).toEqual(Array.from({ length: 1_000 }, (_, name) => name));
    expect(Math.max(...steps)).toBeLessThanOrEqual(64);
    expect(steps.length).toBeLessThan(40);
  });

  test('lets one in at a time when each costs a whole turn', () => {
    const { come, turn, idle } = gate(30);
    for (let name = 0; name < 50; name++) come(name);
    turn();
    while (!idle()) expect(turn()).toBeLessThanOrEqual(1);
  });
});
