import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { type Known, type Sight, weigh } from '../../src/caller/sight.js';

const sights = fc.record({
  epoch: fc.nat(6),
  address: fc.constantFrom('', 'a:1', 'b:1', 'c:1'),
  from: fc.constantFrom('router' as const, 'master' as const),
});

function after(said: readonly Sight[]): Known {
  return said.reduce<Known>((known, sight) => weigh(known, sight).known, { kind: 'nothing' });
}

function epochOf(known: Known): number {
  return known.kind === 'nothing' ? -1 : known.epoch;
}

describe('which master to go to', () => {
  test('C3: nothing of an older epoch is ever taken, in whatever order it is said', () => {
    fc.assert(
      fc.property(fc.array(sights, { maxLength: 20 }), sights, (said, sight) => {
        const known = after(said);
        const { known: then, verdict } = weigh(known, sight);
        expect(epochOf(then)).toBe(Math.max(epochOf(known), sight.epoch));
        if (sight.epoch < epochOf(known)) {
          expect(then).toBe(known);
          expect(verdict).toBe('older');
        }
      }),
    );
  });

  test('the newest epoch wins, whoever told it first and however often it is repeated', () => {
    // As routers tell it: an epoch names one master.
    const truth = fc.array(fc.record({ epoch: fc.nat(6), from: sights.map(({ from }) => from) }), {
      minLength: 1,
    });
    fc.assert(
      fc.property(truth, (said) => {
        const known = after(said.map(({ epoch, from }) => ({ epoch, from, address: `m${epoch}:1` })));
        const newest = Math.max(...said.map(({ epoch }) => epoch));
        expect(known).toEqual({ kind: 'master', epoch: newest, address: `m${newest}:1` });
      }),
    );
  });

  test('what was taken once is no news the second time', () => {
    fc.assert(
      fc.property(fc.array(sights, { maxLength: 20 }), sights, (said, sight) => {
        const { known } = weigh(after(said), sight);
        expect(['older', 'nothing-new', 'vacant']).toContain(weigh(known, sight).verdict);
        if (sight.address !== '') expect(weigh(known, sight).known).toBe(known);
      }),
    );
  });

  test('that none may serve takes nothing away from the master of the same epoch', () => {
    const known: Known = { kind: 'master', epoch: 3, address: 'a:1' };
    expect(weigh(known, { epoch: 3, address: '', from: 'router' }).verdict).toBe('nothing-new');
    expect(weigh(known, { epoch: 4, address: '', from: 'router' })).toEqual({
      known: { kind: 'vacant', epoch: 4 },
      verdict: 'vacant',
    });
  });

  test('only a router corrects the address within an epoch', () => {
    const known: Known = { kind: 'master', epoch: 3, address: 'a:1' };
    expect(weigh(known, { epoch: 3, address: 'b:1', from: 'master' }).verdict).toBe('nothing-new');
    expect(weigh(known, { epoch: 3, address: 'b:1', from: 'router' }).verdict).toBe('move');
  });

  test('a master named for an epoch in which none could serve is gone to', () => {
    const known: Known = { kind: 'vacant', epoch: 3 };
    expect(weigh(known, { epoch: 3, address: 'b:1', from: 'router' }).verdict).toBe('move');
  });
});
