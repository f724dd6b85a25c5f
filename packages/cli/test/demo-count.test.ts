import { systemClock } from '@everline/chassis/clock';
import { expect, test } from '@jest/globals';
import { among } from '../src/demo/among.js';
import { count } from '../src/demo/count.js';
import { Tally } from '../src/demo/tally.js';

/** Time goes on by what is slept, and `onSleep` sees each time. */
function sleeper(onSleep: (nowMs: number) => void) {
  let nowMs = 0;
  const sleep = async (ms: number): Promise<void> => {
    nowMs += ms;
    onSleep(nowMs);
  };
  return { ...systemClock, nowMs: () => nowMs, sleep };
}

function talked(): Tally {
  const tally = new Tally();
  tally.acknowledged('hello', 'alice', 0);
  tally.acknowledged('good evening', 'alice', 1);
  return tally;
}

const all = async (): Promise<readonly string[]> => ['hello', 'good evening'];
const never = new AbortController().signal;

test('what is still on its way when the talk is over is waited for, and not lost', async () => {
  const taken = ['hello'];
  const clock = sleeper((nowMs) => void (nowMs === 14_990 && taken.push('good evening')));
  const bob = { name: 'bob', taken } as const;
  expect(await count([bob], talked(), all, clock, never)).toEqual({ lost: 0, doubled: 0 });
});

test('what does not come within 15 s is lost, and so is what is not found when it is read anew', async () => {
  const clock = sleeper(() => {});
  const late = { name: 'bob', taken: ['hello'] } as const;
  expect(await count([late], talked(), all, clock, never)).toEqual({ lost: 1, doubled: 0 });
  const taken = { name: 'bob', taken: ['hello', 'good evening', 'hello'] } as const;
  const some = async (): Promise<readonly string[]> => ['hello'];
  expect(await count([taken], talked(), some, clock, never)).toEqual({ lost: 1, doubled: 1 });
});

test('nobody leaves before it is counted, and everybody leaves when that fails', async () => {
  let there = true;
  const bob = {
    [Symbol.asyncDispose]: async () => {
      there = false;
    },
  };
  const counted = async (): Promise<boolean> => {
    for (let turn = 0; turn < 10; turn++)
      await new Promise((resolve) => systemClock.soon(() => resolve(turn)));
    return there;
  };
  expect(await among([bob], () => counted())).toBe(true);
  expect(there).toBe(false);
  there = true;
  const fails = async (): Promise<never> => {
    throw new Error('broken');
  };
  await expect(among([bob], fails)).rejects.toThrow('broken');
  expect(there).toBe(false);
});
