import { describe, expect, it } from '@jest/globals';
import { type Ending, endingOf, hopelessness, howItEnded } from '../../src/policy/ending.js';

describe('W5: whether another start could help', () => {
  const table: readonly (readonly [Ending, number | undefined, string])[] = [
    [{ kind: 'exit', code: 0 }, undefined, '0'],
    [{ kind: 'exit', code: 1 }, undefined, '1'],
    [{ kind: 'exit', code: 70 }, undefined, '70'],
    [{ kind: 'exit', code: 75 }, undefined, '75'],
    [{ kind: 'exit', code: 77 }, 77, '77'],
    [{ kind: 'exit', code: 78 }, 78, '78'],
    [{ kind: 'signal', signal: 'SIGKILL' }, undefined, 'SIGKILL'],
    [{ kind: 'gone' }, undefined, 'gone'],
    [{ kind: 'not-spawned', errorCode: 'ENOENT', message: '' }, 78, 'ENOENT'],
    [{ kind: 'not-spawned', errorCode: 'EACCES', message: '' }, 77, 'EACCES'],
    [{ kind: 'not-spawned', errorCode: 'EAGAIN', message: '' }, undefined, 'EAGAIN'],
    [{ kind: 'not-spawned', errorCode: 'ENOMEM', message: '' }, undefined, 'ENOMEM'],
  ];
  for (const [ending, code, how] of table)
    it(`${how}: ${code === undefined ? 'it could' : `it could not, and the watchdog ends with ${code}`}`, () => {
      expect(hopelessness(ending)?.code).toBe(code);
      expect(howItEnded(ending)).toBe(how);
    });
});

describe('the status of a death', () => {
  it('is read as wait(2) has it', () => {
    expect(endingOf(9)).toEqual({ kind: 'signal', signal: 'SIGKILL' });
    expect(endingOf(139)).toEqual({ kind: 'signal', signal: 'SIGSEGV' }); // with a core file
    expect(endingOf(0)).toEqual({ kind: 'exit', code: 0 });
    expect(endingOf(78 << 8)).toEqual({ kind: 'exit', code: 78 });
  });
});
