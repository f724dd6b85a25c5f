import { describe, expect, test } from '@jest/globals';
import { mayReadChecked } from '../../src/replica/index.js';
import { cluster, reigning, Story } from './story.js';

describe('reading (M9)', () => {
  test('while every member acknowledged something sent less than a lease ago', () => {
    const a = reigning('b', 'c').at(100);
    a.acknowledged(1, { by: 'b', sentAtMs: 90 });
    a.acknowledged(1, { by: 'c', sentAtMs: 60 });
    expect(a.at(459).read).toBe('lease');
    expect(a.at(460).read).toBe('check');
  });

  test('counts from when it was sent, not from when the answer came', () => {
    const a = reigning('b').at(300);
    a.acknowledged(1, { sentAtMs: 10 });
    expect(a.at(410).read).toBe('check');
  });

  test('a member that waits for a shorter time grants a shorter lease', () => {
    const a = new Story();
    a.learns(cluster('a', 'b'));
    a.promised(1);
    a.flushed();
    const hello = { masterId: 'b', incarnation: 'i', epoch: 1, lastSeq: 0, lastEpoch: 0, committedSeq: 0 };
    a.hears({ kind: 'hello', ...hello, leaseMs: 100 });
    a.acknowledged(1);
    expect([a.at(99).read, a.at(100).read]).toEqual(['lease', 'check']);
  });

  test('alone in the set it needs nobody', () => {
    expect(reigning().at(99_999).read).toBe('lease');
  });

  test('one that is being added counts as well (M5)', () => {
    const a = reigning();
    a.learns({ ...cluster('a'), version: 2, masters: cluster('a', 'b').masters });
    a.greeted('b', { seq: 0, epoch: 0 });
    a.hears({ kind: 'shipped', masterId: 'b', seq: 1 });
    expect(a.acknowledged(1)).toEqual(['ask number=1 epoch=1 version=2 inSyncIds=a,b']);
    expect(a.at(401).read).toBe('check');
  });

  test('never with a member that was not heard in this reign', () => {
    const a = reigning();
    a.learns({ ...cluster('a', 'b'), version: 2 });
    expect(a.read).toBe('check');
  });
});

describe('a read that the router was asked about (M8)', () => {
  test('is answered by the available master of the epoch that it confirmed, and by nobody else', () => {
    const a = reigning('b');
    expect([mayReadChecked(a.replica, 1), mayReadChecked(a.replica, 2)]).toEqual([true, false]);
    a.hears({ kind: 'resign' });
    expect(a.role).toBe('resigned');
    expect(mayReadChecked(a.replica, 1)).toBe(false);
    a.learns({ ...cluster('a', 'b'), version: 2, epoch: 2 }, [1]);
    expect([a.role, mayReadChecked(a.replica, 2)]).toEqual(['activating', false]);
  });

  test('also while that one is about to resign', () => {
    const a = reigning('b').propose();
    a.hears({ kind: 'resign' });
    expect([a.role, mayReadChecked(a.replica, 1)]).toEqual(['resigning', true]);
  });
});
