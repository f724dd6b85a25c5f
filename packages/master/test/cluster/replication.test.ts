import { mayWrite } from '@everline/protocol/replica';
import { describe, expect, jest, test } from '@jest/globals';
import { encodeEntry } from '../../src/store/journal-entry.js';
import { Cluster } from './cluster.js';
import { eventually } from './eventually.js';

async function postMany(cluster: Cluster, count: number): Promise<void> {
  await Promise.all(Array.from({ length: count }, (_, nth) => cluster.at(0).post(`post ${nth}`)));
}

jest.setTimeout(30_000);

describe('masters over real gRPC', () => {
  test('what is acknowledged is on both, and the standby applies it (M1)', async () => {
    await using cluster = await Cluster.start(['a', 'b']);
    const answer = await cluster.at(0).post('hello');
    expect(answer.copies).toBe(2);
    expect(cluster.storeAt(1).positions().lastSeq).toBe(cluster.storeAt(0).positions().lastSeq);
    const applied = (): boolean =>
      cluster.storeAt(1).positions().appliedSeq === cluster.storeAt(0).positions().appliedSeq;
    await eventually(applied, 'the standby has applied it');
  });

  test('all standbys get everything, in the one order', async () => {
    await using cluster = await Cluster.start(['a', 'b', 'c'], 2);
    await postMany(cluster, 500);
    for (const nth of [1, 2]) {
      await eventually(
        () => cluster.storeAt(nth).applied.length === cluster.storeAt(0).applied.length,
        'applied',
      );
      expect(cluster.storeAt(nth).applied).toEqual(cluster.storeAt(0).applied);
    }
  });

  test('a standby that comes late catches up from the journal and joins the set (M5)', async () => {
    await using cluster = await Cluster.start(['a']);
    await postMany(cluster, 3000);
    await cluster.add('b');
    await eventually(() => cluster.router.now.inSyncIds.length === 2, 'b is in sync');
    expect(cluster.storeAt(1).positions().lastSeq).toBe(3001);
  });

  test('a standby that the journal does not reach fetches a snapshot, and goes on from there', async () => {
    await using cluster = await Cluster.start(['a']);
    await postMany(cluster, 200);
    cluster.storeAt(0).trim(150);
    const b = await cluster.add('b');
    await eventually(() => cluster.router.now.inSyncIds.length === 2, 'b is in sync');
    expect(cluster.storeAt(1).positions().firstSeq).toBeGreaterThan(150);
    const answer = await cluster.at(0).post('after');
    expect(answer.copies).toBe(2);
    expect(b.store.positions().lastSeq).toBe(202);
  });

  test('a stream that breaks is dialled anew, and nothing is missed', async () => {
    await using cluster = await Cluster.start(['a', 'b']);
    await cluster.at(0).post('one');
    cluster.at(1).heart.replication.channels.renew(cluster.at(0).address);
    await cluster.at(0).post('two');
    await eventually(() => cluster.storeAt(1).positions().lastSeq === 3, 'b has both');
    await eventually(() => cluster.router.now.inSyncIds.length === 2, 'b is in sync again, or still');
  });

  test('a tail that was never committed is cut off when the epoch has moved on (M2)', async () => {
    await using cluster = await Cluster.start(['a', 'b']);
    await cluster.at(0).post('one');
    await eventually(() => cluster.storeAt(1).positions().appliedSeq === 2, 'b has applied it');
    await cluster.at(1).kill();
    await eventually(() => cluster.router.now.inSyncIds.length === 1, 'b is out of the set');
    const store = cluster.storeAt(1);
    await store.append([encodeEntry(3, 1, new Uint8Array(0)), encodeEntry(4, 1, new Uint8Array(0))]);
    cluster.router.promote('a');
    await eventually(() => cluster.at(0).replica.standing.promisedEpoch === 2, 'a has a new epoch');
    await eventually(() => cluster.at(0).kind === 'available', 'a is available again');
    await cluster.add('b', store);
    await eventually(() => cluster.router.now.inSyncIds.length === 2, 'b is in sync');
    expect(store.epochAt(3)).toBe(2);
    expect(store.positions().lastSeq).toBe(3);
  });

  test('a standby that dies is taken out of the set at once, and writes go on (M4)', async () => {
    await using cluster = await Cluster.start(['a', 'b']);
    const killed = cluster.at(1).kill();
    const answer = await cluster.at(0).post('alone');
    expect(answer.copies).toBe(1);
    expect(cluster.router.now.inSyncIds).toEqual(['a']);
    await killed;
  });

  test('a standby whose disk has become slow is taken out of the set after the lag (M4)', async () => {
    await using cluster = await Cluster.start(['a', 'b']);
    cluster.storeAt(1).flushMs = 60_000;
    const answer = await cluster.at(0).post('goes on');
    expect(answer.copies).toBe(1);
    expect(cluster.router.asked.at(-1)).toEqual(['a']);
  });

  test('below the floor posts are refused before they are appended, and reads go on by the router (R5, M9)', async () => {
    await using cluster = await Cluster.start(['a', 'b'], 2);
    await cluster.at(0).post('fine');
    await cluster.at(1).kill();
    await eventually(
      () => !mayWrite(cluster.at(0).replica, performance.now()),
      'a knows that it may not write',
    );
    await expect(cluster.at(0).post('too few')).rejects.toMatchObject({ reason: 'BELOW_MIN_IN_SYNC' });
    expect(cluster.storeAt(0).positions().lastSeq).toBe(2);
    expect(await cluster.at(0).read(() => 'seen')).toBe('seen');
  });

  test('a full disk refuses posts before they are appended (M14)', async () => {
    await using cluster = await Cluster.start(['a']);
    cluster.storeAt(0).full = true;
    await expect(cluster.at(0).post('no room')).rejects.toMatchObject({ reason: 'DISK_FULL' });
    expect(cluster.storeAt(0).positions().lastSeq).toBe(1);
  });

  test('the router’s death stops nothing (M11)', async () => {
    await using cluster = await Cluster.start(['a', 'b']);
    await cluster.router[Symbol.asyncDispose]();
    for (let nth = 0; nth < 20; nth++) expect((await cluster.at(0).post(`post ${nth}`)).copies).toBe(2);
    expect(await cluster.at(0).read(() => 'seen')).toBe('seen');
  });
});
