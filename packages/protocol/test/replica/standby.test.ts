import { describe, expect, test } from '@jest/globals';
import { append, cluster, Story } from './story.js';

/** A standby of `b`, which reigns in epoch 3. */
function standby(journal: readonly number[] = [], applied = 0): Story {
  const configuration = { ...cluster('b', 'a'), version: 5, epoch: 3 };
  return new Story({ journal, promised: 3, configuration, applied });
}

describe('a standby', () => {
  test('flushes, then acknowledges (M2)', () => {
    const a = standby();
    expect(a.hears(append({ prevSeq: 0, prevEpoch: 0, epoch: 3 }, [3, 3]))).toEqual([
      'store fromSeq=1 toSeq=2 generation=0',
    ]);
    expect(a.flushed()).toEqual(['acknowledge to=b epoch=3 verdict=accepted seq=2 hintSeq=0 sentAtMs=7']);
  });

  test('promises a newer epoch on disk before it acknowledges anything in it (M2)', () => {
    const a = standby();
    expect(a.hears(append({ prevSeq: 0, prevEpoch: 0, epoch: 4 }, [4]))).toEqual([
      'promise epoch=4',
      'store fromSeq=1 toSeq=1 generation=0',
    ]);
    expect(a.flushed()).toEqual([]);
    expect(a.promised(4)).toEqual(['acknowledge to=b epoch=4 verdict=accepted seq=1 hintSeq=0 sentAtMs=7']);
  });

  test('refuses an append of an older epoch than it promised (M2)', () => {
    const a = standby();
    a.learns({ ...cluster('c', 'a', 'b'), version: 6, epoch: 4 });
    expect(a.hears(append({ prevSeq: 0, prevEpoch: 0, epoch: 3 }, [3]))).toEqual([
      'acknowledge to=b epoch=4 verdict=stale-epoch seq=0 hintSeq=0 sentAtMs=7',
    ]);
  });

  test('says where it is when entries are missing before those that came (M2)', () => {
    const a = standby([1, 1]);
    expect(a.hears(append({ prevSeq: 4, prevEpoch: 3, epoch: 3 }, [3]))).toEqual([
      'acknowledge to=b epoch=3 verdict=mismatch seq=0 hintSeq=2 sentAtMs=7',
    ]);
  });

  test('says what is committed when the entry before is another one (M2)', () => {
    const a = standby([1, 1, 2], 1);
    expect(a.hears(append({ prevSeq: 3, prevEpoch: 3, epoch: 3 }, [3]))).toEqual([
      'acknowledge to=b epoch=3 verdict=mismatch seq=0 hintSeq=1 sentAtMs=7',
    ]);
  });

  test('cuts a diverging tail off from the first entry that differs (M2)', () => {
    const a = standby([1, 1, 2, 2], 1);
    expect(a.hears(append({ prevSeq: 1, prevEpoch: 1, epoch: 3 }, [1, 3, 3]))).toEqual([
      'truncate fromSeq=3',
      'store fromSeq=3 toSeq=4 generation=1',
      'acknowledge to=b epoch=3 verdict=accepted seq=2 hintSeq=0 sentAtMs=7',
    ]);
    expect(a.journal).toBe('1 1 3 3');
  });

  test('never cuts at or below what is committed, and says that it cannot be (M2)', () => {
    const a = standby([1, 1, 2], 3);
    expect(a.hears(append({ prevSeq: 1, prevEpoch: 1, epoch: 3 }, [3]))).toEqual([
      'violated what=entry 2 is committed here, and another one there',
    ]);
    expect(a.hears(append({ prevSeq: 3, prevEpoch: 3, epoch: 3 }))).toEqual([
      'violated what=entry 3 is committed here, and another one there',
    ]);
    expect(a.journal).toBe('1 1 2');
  });

  test('keeps a tail that only goes on after what came', () => {
    const a = standby([3, 3, 3]);
    expect(a.hears(append({ prevSeq: 0, prevEpoch: 0, epoch: 3 }, [3, 3]))).toEqual([
      'acknowledge to=b epoch=3 verdict=accepted seq=2 hintSeq=0 sentAtMs=7',
    ]);
    expect(a.journal).toBe('3 3 3');
  });

  test('does not take the flush of what was cut off for one of what came in its place (M2)', () => {
    const a = standby([1]);
    a.hears(append({ prevSeq: 1, prevEpoch: 1, epoch: 3 }, [2]));
    a.hears(append({ prevSeq: 1, prevEpoch: 1, epoch: 3 }, [3]));
    expect(a.hears({ kind: 'flushed', seq: 2, generation: 0 })).toEqual([]);
    expect(a.hears({ kind: 'flushed', seq: 2, generation: 1 })).toEqual([
      'acknowledge to=b epoch=3 verdict=accepted seq=2 hintSeq=0 sentAtMs=7',
    ]);
  });

  test('acknowledges once for everything that was flushed meanwhile, with the latest mark', () => {
    const a = standby();
    a.hears(append({ prevSeq: 0, prevEpoch: 0, epoch: 3 }, [3], { sentAtMs: 1 }));
    a.hears(append({ prevSeq: 1, prevEpoch: 3, epoch: 3 }, [3], { sentAtMs: 2 }));
    expect(a.flushed()).toEqual(['acknowledge to=b epoch=3 verdict=accepted seq=2 hintSeq=0 sentAtMs=2']);
  });

  test('answers a beat while a flush takes its time, with what is on disk', () => {
    const a = standby();
    a.hears(append({ prevSeq: 0, prevEpoch: 0, epoch: 3 }, [3, 3]));
    expect(a.hears(append({ prevSeq: 2, prevEpoch: 3, epoch: 3 }, [], { sentAtMs: 9 }))).toEqual([
      'acknowledge to=b epoch=3 verdict=accepted seq=0 hintSeq=0 sentAtMs=9',
    ]);
  });

  test('applies what is committed and on its own disk, no more', () => {
    const a = standby();
    a.hears(append({ prevSeq: 0, prevEpoch: 0, epoch: 3 }, [3, 3], { committedSeq: 9 }));
    expect(a.replica.standing.appliedSeq).toBe(0);
    expect(a.flushed()).toContain('apply toSeq=2');
  });

  test('after a snapshot goes on behind it', () => {
    const a = standby();
    a.hears({ kind: 'restored', seq: 70 });
    expect(a.replica.standing).toMatchObject({ committedSeq: 70, appliedSeq: 70, flushedSeq: 70 });
  });
});

describe('a standby that ends (M4)', () => {
  const set = { ...cluster('b', 'a'), version: 6, epoch: 3 };
  const leaving = ['acknowledge to=b epoch=3 verdict=leaving seq=0 hintSeq=0 sentAtMs=7'];

  /** It has heard the available master. */
  function following(
    more: { readonly minInSync?: number; readonly inSyncIds?: readonly string[] } = {},
  ): Story {
    const a = standby();
    a.learns({ ...set, ...more });
    a.hears(append({ prevSeq: 0, prevEpoch: 0, epoch: 3 }));
    return a;
  }

  test('asks the available master to be let go', () => {
    expect(following().hears({ kind: 'leave' })).toEqual(leaving);
  });

  test('asks nobody where no write waits for it: out of the set, or not heard of by anybody', () => {
    expect(following({ inSyncIds: ['b', 'c'] }).hears({ kind: 'leave' })).toEqual([]);
    expect(standby().hears({ kind: 'leave' })).toEqual([]);
    const alone = following();
    alone.hears({ kind: 'source-lost' });
    expect(alone.hears({ kind: 'leave' })).toEqual([]);
  });

  test('asks nobody where the floor would not let it go (R5)', () => {
    expect(following({ minInSync: 2 }).hears({ kind: 'leave' })).toEqual([]);
  });
});
