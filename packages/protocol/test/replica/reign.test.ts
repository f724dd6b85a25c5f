import { describe, expect, test } from '@jest/globals';
import { append, cluster, reigning, Story } from './story.js';

describe('becoming available', () => {
  test('promise, an empty entry, everything committed, then service (M7)', () => {
    const a = new Story();
    expect(a.learns(cluster('a', 'b'))).toEqual([
      'promise epoch=1',
      'keep v1',
      'begin epoch=1 seq=1 generation=0',
    ]);
    expect(a.promised(1)).toEqual([]);
    expect(a.flushed()).toEqual([]);
    expect(a.read).toBe('refuse');
    expect(a.greeted()).toEqual(['ship masterId=b']);
    expect(a.acknowledged(1)).toEqual(['apply toSeq=1', 'serve epoch=1']);
    expect(a.role).toBe('available');
  });

  test('nothing is committed before the own promise is on disk (M7)', () => {
    const first = { ...cluster('a'), version: 4, epoch: 2 };
    const a = new Story({ journal: [2, 2], promised: 2, configuration: first });
    expect(a.learns({ ...first, version: 5, epoch: 3 }).join()).not.toContain('apply');
    expect(a.promised(3)).toEqual(['apply toSeq=2']);
  });

  test('an entry of its own epoch on disk is a promise on disk (M7)', () => {
    const a = new Story();
    a.learns(cluster('a'));
    expect(a.flushed()).toEqual(['apply toSeq=1', 'serve epoch=1']);
    expect(a.promised(1)).toEqual([]);
  });

  test('asks at once for the removal of the master whose stream broke, and ignores it only when that is confirmed (M4)', () => {
    const first = { ...cluster('b', 'a'), version: 4, epoch: 2 };
    const a = new Story({ journal: [2], promised: 2, configuration: first });
    a.hears(append({ prevSeq: 1, prevEpoch: 2, epoch: 2 }));
    a.hears({ kind: 'source-lost' });
    const second = { ...first, version: 5, epoch: 3, availableId: 'a' };
    expect(a.at(1000).learns(second, [2])).toContain('ask number=1 epoch=3 version=5 inSyncIds=a');
    a.promised(3);
    expect(a.flushed()).toEqual([]);
    expect(a.learns({ ...second, version: 6, inSyncIds: ['a'] })).toContain('serve epoch=3');
  });

  test('keeps a former available master in the set that was heard of just now (switchover)', () => {
    const first = { ...cluster('b', 'a'), version: 4, epoch: 2 };
    const a = new Story({ journal: [2], promised: 2, configuration: first });
    a.hears(append({ prevSeq: 1, prevEpoch: 2, epoch: 2 }));
    const second = { ...first, version: 5, epoch: 3, availableId: 'a' };
    expect(a.at(20).learns(second, [2]).join()).not.toContain('ask');
  });

  test('asks at once for the removal of one who is dead, though its last word has only just come (M4, M10)', () => {
    const first = { ...cluster('b', 'a'), version: 4, epoch: 2 };
    const a = new Story({ journal: [2], promised: 2, configuration: first });
    a.hears(append({ prevSeq: 1, prevEpoch: 2, epoch: 2 }));
    const second = { ...first, version: 5, epoch: 3, availableId: 'a' };
    expect(a.at(20).learns(second, [2], [2])).toContain('ask number=1 epoch=3 version=5 inSyncIds=a');
  });

  test('waits out the lease it granted, with its own clock a little slower (M9)', () => {
    const first = { ...cluster('b', 'a'), version: 4, epoch: 2 };
    const a = new Story({ journal: [2], promised: 2, configuration: first }).at(1000);
    a.hears(append({ prevSeq: 1, prevEpoch: 2, epoch: 2 }));
    a.learns({ ...first, version: 5, epoch: 3, availableId: 'a', inSyncIds: ['a'] });
    a.promised(3);
    a.flushed();
    expect(a.at(1408).tick()).toEqual([]);
    expect(a.at(1410).tick()).toEqual(['serve epoch=3']);
  });

  test('needs no wait when the epoch that holds the lease has certainly ended, also when it learns so later (M10)', () => {
    const first = { ...cluster('b', 'a'), version: 4, epoch: 2 };
    const a = new Story({ journal: [2], promised: 2, configuration: first }).at(1000);
    a.hears(append({ prevSeq: 1, prevEpoch: 2, epoch: 2 }));
    const second = { ...first, version: 5, epoch: 3, availableId: 'a', inSyncIds: ['a'] };
    a.learns(second);
    a.promised(3);
    a.flushed();
    expect(a.hears({ kind: 'learned', configuration: undefined, endedEpochs: [1, 2] })).toEqual([
      'serve epoch=3',
    ]);
  });

  test('every lease it granted counts, not only the latest (M9)', () => {
    const first = { ...cluster('b', 'a'), version: 4, epoch: 2 };
    const a = new Story({ journal: [2], promised: 2, configuration: first }).at(1000);
    a.hears(append({ prevSeq: 1, prevEpoch: 2, epoch: 2 }));
    a.at(1100).hears(append({ prevSeq: 1, prevEpoch: 2, epoch: 3 }));
    a.learns({ ...first, version: 6, epoch: 4, availableId: 'a', inSyncIds: ['a'] }, [3]);
    a.promised(4);
    a.flushed();
    expect(a.at(1300).tick()).toEqual([]);
    expect(a.at(1410).tick()).toEqual(['serve epoch=4']);
  });

  test('after a restart it has granted one that it does not remember (M9)', () => {
    const configuration = { ...cluster('b', 'a'), version: 4, epoch: 2 };
    const a = new Story({ journal: [2], promised: 2, configuration });
    a.at(10).learns({ ...configuration, version: 5, epoch: 3, availableId: 'a', inSyncIds: ['a'] }, [2]);
    a.promised(3);
    a.flushed();
    expect(a.at(400).tick()).toEqual([]);
    expect(a.at(410).tick()).toEqual(['serve epoch=3']);
  });

  test('a reign belongs to one incarnation: an epoch that is on disk already is not begun', () => {
    const configuration = cluster('a');
    const a = new Story({ journal: [1], promised: 1, configuration });
    expect(a.learns({ ...configuration, version: 2 })).toEqual(['keep v2']);
    expect(a.role).toBe('following');
    expect(a.learns({ ...configuration, version: 3, epoch: 2 })).toContain(
      'begin epoch=2 seq=2 generation=0',
    );
  });

  test('refuses when the set does not name it (R7)', () => {
    const a = new Story();
    const configuration = { ...cluster('a', 'b'), inSyncIds: ['b'] };
    expect(a.learns(configuration)).toEqual(['promise epoch=1', 'keep v1', 'refuse-reign epoch=1']);
    expect(a.role).toBe('fresh');
  });
});

describe('committing', () => {
  test('only when every member has it on disk, its own disk among them (M1)', () => {
    const a = reigning('b', 'c');
    a.propose();
    expect(a.acknowledged(2, { by: 'b' })).toEqual([]);
    expect(a.flushed()).toEqual([]);
    expect(a.acknowledged(2, { by: 'c' })).toEqual(['apply toSeq=2']);
    a.propose();
    a.acknowledged(3, { by: 'b' });
    expect(a.acknowledged(3, { by: 'c' })).toEqual([]);
    expect(a.flushed()).toEqual(['apply toSeq=3']);
  });

  test('nothing below the floor (M1)', () => {
    const a = new Story();
    a.learns({ ...cluster('a'), minInSync: 2 });
    a.promised(1);
    expect(a.flushed()).toEqual([]);
    expect(a.role).toBe('activating');
  });

  test('an acknowledgement of another epoch counts for nothing (M3)', () => {
    const a = reigning('b');
    a.propose();
    a.flushed();
    expect(a.acknowledged(2, { epoch: 0 })).toEqual([]);
    expect(a.replica.standing.committedSeq).toBe(1);
  });

  test('nor one of an earlier process than the one that said hello (M3)', () => {
    const a = reigning('b');
    a.propose();
    a.flushed();
    expect(a.acknowledged(2, { incarnation: 'before' })).toEqual([]);
    expect(a.acknowledged(2)).toEqual(['apply toSeq=2']);
  });

  test('a hint moves the next position, never the acknowledged one (M3)', () => {
    const a = reigning('b');
    a.propose();
    a.flushed();
    const mismatch = { verdict: 'mismatch', seq: 0, hintSeq: 2, sentAtMs: 5 } as const;
    expect(
      a.at(5).hears({ kind: 'acknowledgement', masterId: 'b', incarnation: 'i', epoch: 1, ...mismatch }),
    ).toEqual(['ship masterId=b']);
    expect(a.replica.standing.committedSeq).toBe(1);
  });

  test('an acknowledgement of what was never sent cannot be (M3)', () => {
    expect(reigning('b').acknowledged(2)).toEqual(['violated what=b acknowledges 2, never sent']);
  });

  test('a refusal of something sent before the position was corrected is late', () => {
    const a = reigning('b');
    const mismatch = { verdict: 'mismatch', seq: 0, hintSeq: 1 } as const;
    const from = { kind: 'acknowledgement', masterId: 'b', incarnation: 'i', epoch: 1 } as const;
    expect(a.at(10).hears({ ...from, ...mismatch, sentAtMs: 8 })).toEqual(['ship masterId=b']);
    expect(a.at(11).hears({ ...from, ...mismatch, sentAtMs: 9 })).toEqual([]);
  });
});

describe('a newer epoch', () => {
  test('ends the reign at once, whoever tells of it (M6)', () => {
    const stale = { verdict: 'stale-epoch', seq: 0, hintSeq: 0, sentAtMs: 0, incarnation: 'i' } as const;
    const told = [
      (a: Story) => a.learns({ ...cluster('b', 'a'), version: 9, epoch: 2 }),
      (a: Story) => a.hears(append({ prevSeq: 1, prevEpoch: 1, epoch: 2 })),
      (a: Story) => a.hears({ kind: 'acknowledgement', masterId: 'b', epoch: 2, ...stale }),
      (a: Story) =>
        a.hears({
          kind: 'hello',
          masterId: 'b',
          incarnation: 'i',
          epoch: 2,
          lastSeq: 1,
          lastEpoch: 1,
          committedSeq: 1,
        }),
    ];
    for (const tell of told) {
      const a = reigning('b');
      expect(tell(a)).toEqual(expect.arrayContaining(['promise epoch=2', 'step-down epoch=1 newerEpoch=2']));
      expect(a.role).toBe('following');
    }
  });

  test('of an older one it takes nothing (M2)', () => {
    const a = reigning('b');
    expect(a.hears(append({ prevSeq: 0, prevEpoch: 0, epoch: 0 }))).toEqual([
      'acknowledge to=b epoch=1 verdict=stale-epoch seq=0 hintSeq=0 sentAtMs=7',
    ]);
    expect(a.learns({ ...cluster('b', 'a'), version: 9, epoch: 0 })).toEqual([]);
    expect(a.role).toBe('available');
  });

  test('of its own epoch it takes no older configuration (R1)', () => {
    const a = reigning('b');
    a.learns({ ...cluster('a', 'b'), version: 3 });
    expect(a.learns({ ...cluster('a'), version: 2 })).toEqual([]);
    expect(a.replica.standing.configuration?.inSyncIds).toEqual(['a', 'b']);
  });

  test('two available masters in one epoch cannot be', () => {
    const a = reigning('b');
    expect(a.hears(append({ prevSeq: 1, prevEpoch: 1, epoch: 1 }))).toEqual([
      'violated what=two available masters in epoch 1',
    ]);
  });
});

describe('resigning (M10)', () => {
  test('waits for the last acknowledgement, then reads and writes nothing more in this epoch', () => {
    const a = reigning('b');
    a.propose();
    a.flushed();
    expect(a.hears({ kind: 'resign' })).toEqual(['wake atMs=250']);
    expect([a.writes, a.read]).toEqual([false, 'lease']);
    expect(a.acknowledged(2)).toEqual(['apply toSeq=2', 'resigned epoch=1']);
    expect(a.read).toBe('refuse');
    expect(a.learns({ ...cluster('a', 'b'), version: 2 })).toEqual(['keep v2']);
    expect(a.role).toBe('resigned');
  });

  test('gives up when that takes too long', () => {
    const a = reigning('b');
    a.propose();
    a.hears({ kind: 'resign' });
    expect(a.at(250).tick()).toEqual(['resume epoch=1']);
    expect(a.writes).toBe(true);
  });

  test('has no sense when nobody is there to go on', () => {
    const a = reigning();
    expect(a.hears({ kind: 'resign' })).toEqual([]);
    expect(a.role).toBe('available');
  });

  test('the same master may be given a new epoch', () => {
    const a = reigning('b');
    a.hears({ kind: 'resign' });
    expect(a.role).toBe('resigned');
    expect(a.learns({ ...cluster('a', 'b'), version: 2, epoch: 2 }, [1])).toContain(
      'begin epoch=2 seq=2 generation=0',
    );
  });
});
