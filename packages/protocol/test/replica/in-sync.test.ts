import { describe, expect, test } from '@jest/globals';
import type { ReplicaEvent } from '../../src/replica/index.js';
import { append, cluster, Story } from './story.js';

/** `a` reigns alone; `b` is listed, and follows. */
function alone(): Story {
  const a = new Story();
  a.learns({ ...cluster('a'), masters: cluster('a', 'b').masters });
  a.promised(1);
  a.flushed();
  a.greeted();
  a.hears({ kind: 'shipped', masterId: 'b', seq: 1 });
  return a;
}

/** `a` reigns, `b` is in the set. */
function both(minInSync = 1): Story {
  const a = new Story();
  a.learns({ ...cluster('a', 'b'), minInSync });
  a.promised(1);
  a.flushed();
  a.greeted();
  a.acknowledged(1);
  a.at(200).tick();
  a.learns({ ...cluster('a', 'b'), minInSync, version: 2 });
  return a;
}

const leaving: ReplicaEvent = {
  ...{ kind: 'acknowledgement', verdict: 'leaving', masterId: 'b', incarnation: 'i', epoch: 1 },
  ...{ seq: 0, hintSeq: 0, sentAtMs: 0 },
};

const pair = { ...cluster('a', 'b'), version: 2 };

describe('the set grows (M5)', () => {
  test('by a standby that has everything; from the question on, both sets are waited for', () => {
    const a = alone();
    expect(a.acknowledged(1)).toEqual(['ask number=1 epoch=1 version=1 inSyncIds=a,b']);
    a.propose();
    expect(a.flushed()).toEqual([]);
    expect(a.learns({ ...pair })).toEqual(['keep v2']);
    expect(a.acknowledged(2)).toEqual(['apply toSeq=2']);
  });

  test('not by one that lacks what is committed', () => {
    const a = alone();
    a.propose();
    expect(a.flushed()).toEqual(['apply toSeq=2']);
    expect(a.acknowledged(1)).toEqual([]);
    a.hears({ kind: 'shipped', masterId: 'b', seq: 2 });
    expect(a.acknowledged(1)).toEqual([]);
    expect(a.acknowledged(2)).toEqual(['ask number=1 epoch=1 version=1 inSyncIds=a,b']);
  });

  test('not by one that lacks the beginning of the reign, while what the former one left is not committed', () => {
    const first = { ...cluster('b', 'a'), masters: cluster('b', 'a', 'c').masters };
    const a = new Story({ journal: [1, 1], promised: 1, configuration: first, applied: 1 });
    a.hears(append({ prevSeq: 2, prevEpoch: 1, epoch: 1 }));
    a.at(20).learns({ ...first, version: 2, epoch: 2, availableId: 'a' }, [1]);
    a.greeted('c', { seq: 1, epoch: 1 }, 1);
    a.hears({ kind: 'shipped', masterId: 'c', seq: 3 });
    expect(a.acknowledged(2, { by: 'c' })).toEqual([]);
    expect(a.acknowledged(3, { by: 'c' })).toEqual(['ask number=1 epoch=2 version=2 inSyncIds=b,a,c']);
  });

  test('not by one that the router does not list', () => {
    const a = new Story();
    a.learns(cluster('a'));
    a.promised(1);
    a.flushed();
    a.greeted();
    a.hears({ kind: 'shipped', masterId: 'b', seq: 1 });
    expect(a.acknowledged(1)).toEqual([]);
  });

  test('a question without an answer is asked again, and waited for all the while', () => {
    const a = alone();
    a.acknowledged(1);
    a.hears({ kind: 'altered', number: 1, answer: 'unknown' });
    a.propose();
    expect(a.flushed()).toEqual([]);
    expect(a.at(150).tick()).toEqual(['ask number=2 epoch=1 version=1 inSyncIds=a,b']);
  });

  test('a refused one is closed by a later successful one, not by the refusal', () => {
    const a = alone();
    a.acknowledged(1);
    expect(a.hears({ kind: 'altered', number: 1, answer: 'refused' })).toEqual([]);
    a.propose();
    expect(a.flushed()).toEqual([]);
    expect(a.at(150).tick()).toEqual(['ask number=2 epoch=1 version=1 inSyncIds=a']);
    const still = { ...cluster('a'), version: 2, masters: pair.masters };
    expect(a.learns(still)).toContain('apply toSeq=2');
  });

  test('a joiner that dies is given up the same way', () => {
    const a = alone();
    a.acknowledged(1);
    a.at(100).hears({ kind: 'standby-lost', masterId: 'b' });
    expect(a.at(150).tick()).toEqual(['ask number=2 epoch=1 version=1 inSyncIds=a']);
  });
});

describe('the set shrinks (M4)', () => {
  test('a member whose stream broke is asked out of it when it does not come back at once; it counts until that is confirmed', () => {
    const a = both();
    expect(a.hears({ kind: 'standby-lost', masterId: 'b' })).toEqual(['wake atMs=230']);
    expect(a.at(230).tick()).toEqual(['ask number=1 epoch=1 version=2 inSyncIds=a']);
    a.propose();
    expect(a.flushed()).toEqual([]);
    expect(a.learns({ ...cluster('a'), version: 3, masters: pair.masters })).toEqual([
      'keep v3',
      'apply toSeq=2',
    ]);
  });

  test('at once when a new connection there was refused, too', () => {
    const a = both();
    expect(a.hears({ kind: 'unreachable', masterId: 'b' })).toEqual([]);
    a.hears({ kind: 'standby-lost', masterId: 'b' });
    expect(a.hears({ kind: 'unreachable', masterId: 'b' })).toEqual([
      'ask number=1 epoch=1 version=2 inSyncIds=a',
    ]);
  });

  test('one that comes back in time stays', () => {
    const a = both();
    a.hears({ kind: 'standby-lost', masterId: 'b' });
    a.at(205).greeted('b', { seq: 1, epoch: 1 }, 1);
    expect(a.at(230).tick()).toEqual([]);
  });

  test('one that is behind for longer than the lag is asked out of it', () => {
    const a = both();
    a.acknowledged(1);
    a.propose();
    a.flushed();
    for (const atMs of [300, 400, 500, 600]) expect(a.at(atMs).tick()).toEqual([]);
    a.at(700).tick();
    expect(a.at(701).tick()).toEqual(['ask number=1 epoch=1 version=2 inSyncIds=a']);
  });

  test('… and at that very moment, not at the beat after it', () => {
    const a = both();
    a.acknowledged(1);
    a.propose();
    for (const atMs of [310, 410, 510]) a.at(atMs).tick();
    expect(a.at(610).tick()).toEqual(['wake atMs=701']);
  });

  test('and stays out for a while, longer each time, for it would be too slow again', () => {
    const a = both();
    a.acknowledged(1);
    a.propose();
    for (const atMs of [300, 400, 500, 600, 701]) a.at(atMs).tick();
    a.learns({ ...cluster('a'), version: 3, masters: pair.masters });
    a.flushed();
    a.hears({ kind: 'shipped', masterId: 'b', seq: 2 });
    expect(a.at(800).acknowledged(2)).toEqual([]);
    a.at(1690).acknowledged(2);
    expect(a.at(1702).tick()).toEqual(['ask number=2 epoch=1 version=3 inSyncIds=a,b']);
  });

  test('an own stall is nobody else’s lag', () => {
    const a = both();
    a.acknowledged(1);
    a.propose();
    expect(a.at(5000).tick()).toEqual([]);
    expect(a.at(5100).tick()).toEqual([]);
  });

  test('under load, one that keeps up stays, though it never has quite everything', () => {
    const a = both();
    for (let seq = 2; seq < 12; seq++) {
      a.propose().propose();
      a.at(100 * seq);
      expect([...a.tick(), ...a.acknowledged(2 * seq - 3)].join()).not.toContain('ask');
    }
  });

  test('one that says it leaves is asked out of it at once; it acknowledges until it is, and nothing waits', () => {
    const a = both();
    expect(a.hears(leaving)).toEqual(['ask number=1 epoch=1 version=2 inSyncIds=a']);
    a.propose();
    expect(a.flushed()).toEqual([]);
    expect(a.acknowledged(2)).toEqual(['apply toSeq=2']);
    a.learns({ ...cluster('a'), version: 3, masters: pair.masters });
    a.propose();
    expect(a.flushed()).toEqual(['apply toSeq=3']);
  });

  test('one that leaves claims nothing by it (M3), does not come in again, and inherits nothing', () => {
    const a = both();
    a.propose();
    a.flushed();
    expect(a.hears({ ...leaving, seq: 2, sentAtMs: 199 })).not.toContain('apply toSeq=2');
    expect(a.at(300).hears({ kind: 'resign' })).toEqual([]);
    expect(a.role).toBe('available');
    a.learns({ ...cluster('a'), version: 3, masters: pair.masters });
    a.hears({ kind: 'shipped', masterId: 'b', seq: 2 });
    expect(a.acknowledged(2)).toEqual([]);
    a.hears({ kind: 'standby-lost', masterId: 'b' });
    const again = a.greeted('b', { seq: 2, epoch: 1 }, 1);
    expect(again).toContain('ask number=2 epoch=1 version=3 inSyncIds=a,b');
  });

  test('one that leaves stays, where the floor does not let it go (R5)', () => {
    const a = both(2);
    expect(a.hears(leaving)).toEqual([]);
    expect(a.writes).toBe(false);
  });

  test('not below the floor; then posts are refused before they are appended (R5)', () => {
    const a = both(2);
    a.hears({ kind: 'standby-lost', masterId: 'b' });
    expect(a.writes).toBe(true);
    expect(a.at(230).tick()).toEqual([]);
    expect(a.writes).toBe(false);
  });
});

describe('a standby says hello', () => {
  test('and goes on where both are known to be the same', () => {
    const a = both();
    a.propose();
    expect(a.greeted('b', { seq: 1, epoch: 1 }, 1)).toEqual(['ship masterId=b']);
    expect(a.replica.role).toMatchObject({ peers: [{ masterId: 'b', nextSeq: 2 }] });
  });

  test('and is refused when it has less than it once acknowledged (R7)', () => {
    const a = both();
    expect(a.greeted('b', { seq: 0, epoch: 0 })).toEqual(['dismiss masterId=b reason=data-lost']);
  });

  test('and is refused then also when it is not in sync (R7)', () => {
    const a = alone();
    a.acknowledged(1);
    expect(a.greeted('b', { seq: 0, epoch: 0 })).toEqual(['dismiss masterId=b reason=data-lost']);
  });

  test('and goes on after what is committed when its last entry is of another reign (M2)', () => {
    const configuration = cluster('a');
    const a = new Story({ journal: [1, 2, 2], promised: 2, configuration, applied: 1 });
    a.at(500).learns({ ...configuration, version: 3, epoch: 3 }, [1, 2]);
    a.promised(3);
    a.flushed();
    a.greeted('b', { seq: 2, epoch: 1 }, 1);
    expect(a.replica.role).toMatchObject({ peers: [{ masterId: 'b', nextSeq: 2 }] });
  });

  test('and is refused when it is in sync and has less than is committed, whoever reigned then (R7)', () => {
    const a = new Story({ journal: [1, 1], promised: 1, configuration: cluster('b', 'a'), applied: 2 });
    a.at(500).learns({ ...cluster('b', 'a'), version: 2, epoch: 2, availableId: 'a' }, [1]);
    expect(a.greeted('b', { seq: 1, epoch: 1 })).toEqual(['dismiss masterId=b reason=data-lost']);
    expect(a.greeted('b', { seq: 2, epoch: 1 })).toEqual(['ship masterId=b']);
  });

  test('and is sent away when more is committed there than was ever here (M2)', () => {
    expect(both().greeted('b', { seq: 2, epoch: 1 }, 2)).toEqual(['dismiss masterId=b reason=diverged']);
  });

  test('and fetches a snapshot when the journal begins later', () => {
    const configuration = cluster('a');
    const a = new Story({ journal: [1, 1, 1], promised: 1, configuration, applied: 3, firstSeq: 3 });
    a.at(500).learns({ ...configuration, version: 2, epoch: 2 }, [1]);
    a.promised(2);
    a.flushed();
    expect(a.role).toBe('available');
    expect(a.greeted('b')).toEqual(['snapshot-needed masterId=b']);
  });

  test('and is sent away by one that does not reign', () => {
    const a = new Story();
    expect(a.greeted('b')).toEqual(['dismiss masterId=b reason=not-available']);
  });
});
