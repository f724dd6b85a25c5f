import { expect, test } from '@jest/globals';
import { type HandsOptions, handsOf } from '../../src/role/hands.js';

test.each([
  ['goes on', { kind: 'available', epoch: 3 }, [3]],
  ['is about to be given back', { kind: 'resigning', epoch: 3 }, [3]],
  ['has ended', { kind: 'following', source: undefined }, []],
  ['was followed by another of the same master', { kind: 'available', epoch: 4 }, []],
])('M7, M8: a reign that %s while the last of it was applied', (_what, role, served) => {
  const epochs: number[] = [];
  const late: (() => void)[] = [];
  const host = { replica: { role: { kind: 'available', epoch: 3 } } as unknown };
  const hands = handsOf({
    replication: { host, hand: { whenApplied: (fn: () => void) => late.push(fn) } },
    role: { serve: (epoch: number) => epochs.push(epoch) },
  } as unknown as HandsOptions);
  hands.serve({ kind: 'serve', epoch: 3 });
  host.replica = { role };
  for (const fn of late) fn();
  expect(epochs).toEqual(served);
});
