import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { identify } from '@everline/chassis/control';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { emptyState, openStateFile, readState } from '../src/state-file.js';

let dir: string;
let path: string;
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'everline-state-'));
  path = join(dir, 'state.json');
});
afterEach(() => rmSync(dir, { recursive: true }));

describe('what a keeper leaves for the next', () => {
  it('W10: deaths are handed over as how long ago they were, not as times of another clock', () => {
    const history = { restarts: 4, unsettled: 2, deathsAtMs: [900, 1_000], held: true };
    openStateFile(
      path,
      () => 1_000,
      () => 7_000,
    ).change({ history });
    expect(readState(path, 50, 7_000).history).toEqual({ ...history, deathsAtMs: [-50, 50] });
  });

  it('W5: a death grows old while nothing is written: a keeper that takes over does not take it for a new one', () => {
    const history = { restarts: 4, unsettled: 0, deathsAtMs: [900, 1_000], held: false };
    openStateFile(
      path,
      () => 1_000,
      () => 7_000,
    ).change({ history });
    expect(readState(path, 50, 27_000).history.deathsAtMs).toEqual([-20_050, -19_950]);
    // After a start of the machine its clock is behind: nothing is younger than just now.
    expect(readState(path, 50, 10).history.deathsAtMs).toEqual([-50, 50]);
  });

  it('W1: child and guardian come back as the identities they were', () => {
    const identity = identify(process.pid, 'i-1');
    if (identity === undefined) throw new Error('this process is not there');
    const child = { identity, leader: undefined, facts: { masterId: 'm', listens: true } };
    openStateFile(path, () => 0).change({ child, guardian: identity, ended: 'why' });
    expect(readState(path, 0)).toEqual({ ...emptyState, child, guardian: identity, ended: 'why' });
  });

  it('is help and no truth: nothing that stands in the file breaks a keeper', () => {
    expect(readState(path, 0)).toEqual(emptyState);
    const anything = fc.oneof(
      fc.string(),
      fc.json(),
      fc
        .record({
          child: fc.jsonValue(),
          guardian: fc.jsonValue(),
          unreported: fc.jsonValue(),
          history: fc.jsonValue(),
          lastDeath: fc.jsonValue(),
          ended: fc.jsonValue(),
        })
        .map((value) => JSON.stringify(value)),
    );
    fc.assert(
      fc.property(anything, (text) => {
        writeFileSync(path, text);
        const state = readState(path, 0);
        expect(Object.keys(state).sort()).toEqual(Object.keys(emptyState).sort());
        expect(state.history.deathsAtMs.every((atMs) => typeof atMs === 'number')).toBe(true);
      }),
    );
  });

  it('keeps a bounded number of reports', () => {
    const file = openStateFile(path, () => 0);
    const unreported = Array.from({ length: 50 }, (_, index) => ({
      masterId: 'm',
      incarnation: String(index),
      how: 'x',
    }));
    file.change({ unreported });
    expect(file.get().unreported).toHaveLength(16);
    expect(file.get().unreported.at(-1)?.incarnation).toBe('49');
  });

  it('a disk that takes nothing is no failure', () => {
    const file = openStateFile(join(dir, 'missing', 'state.json'), () => 0);
    expect(() => file.change({ ended: 'why' })).not.toThrow();
    expect(file.get().ended).toBe('why');
  });
});
