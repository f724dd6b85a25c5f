import { type CallContext, type Out, systemClock } from '@everline/chassis';
import type { WatchAvailableResponse } from '@everline/contracts';
import { expect, test } from '@jest/globals';
import { Watchers } from '../../src/telling/watchers.js';

test('who watches is told from the next turn on, a few in a turn: what the masters say and hear comes between', () => {
  const turns: Array<() => void> = [];
  const watchers = new Watchers({ ...systemClock, soon: (fn) => void turns.push(fn) });
  let told = 0;
  const out = {
    write: () => {
      told += 1;
      return true;
    },
  } as unknown as Out<WatchAvailableResponse>;
  const context = { signal: new AbortController().signal } as CallContext;
  for (let i = 0; i < 40; i += 1) void watchers.watch({ kind: 'none', epoch: 1, waitsFor: [] }, context, out);
  told = 0;
  watchers.tell({ kind: 'none', epoch: 2, waitsFor: [] });
  const seen = [told];
  for (let turn = turns.shift(); turn !== undefined; turn = turns.shift()) {
    turn();
    seen.push(told);
  }
  expect(seen).toEqual([0, 16, 32, 40]);
});
