import { describe, expect, test } from '@jest/globals';
import { advance, goBack, type Progress, progressFrom, take } from '../../src/caller/index.js';

function after(progress: Progress<string>, seq: number, prevSeq: number): Progress<string> {
  const taken = take(progress, { seq, prevSeq }, `c${seq}`);
  if (taken.kind === 'fault') throw new Error(taken.fault);
  return taken.progress;
}

describe('C2: where a timeline reads again when an entry is missing', () => {
  const heard = advance(after(progressFrom<string>('c1'), 5, 1), 'c8');

  test('after the last entry, whatever was said of later places', () => {
    expect(heard.cursor).toBe('c8');
    expect(goBack(heard, 'missing')).toMatchObject({ cursor: 'c5', lastSeq: 5 });
  });

  test('once: when it is still missing it is lost, and an entry in between makes it another one', () => {
    const back = goBack(heard, 'missing') ?? heard;
    expect(goBack(advance(back, 'c9'), 'missing')).toBeUndefined();
    expect(goBack(after(back, 7, 5), 'missing')).toMatchObject({ cursor: 'c7' });
  });

  test('nowhere for what comes twice or out of order', () => {
    expect(goBack(heard, 'repeated')).toBeUndefined();
    expect(goBack(heard, 'disordered')).toBeUndefined();
  });
});
