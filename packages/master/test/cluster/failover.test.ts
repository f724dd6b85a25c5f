import { randomUUID } from 'node:crypto';
import { mayRead } from '@everline/protocol/replica';
import { describe, expect, jest, test } from '@jest/globals';
import { refusal } from '../../src/errors.js';
import { Cluster } from './cluster.js';
import { eventually } from './eventually.js';
import { FakeRouter } from './fake-router.js';
import { MemoryStore } from './memory-store.js';
import { TestMaster } from './test-master.js';

/** The outcome of a promise, to be looked at while it is pending, too. */
function watched<T>(work: Promise<T>): { state: 'pending' | 'done' | 'failed'; value?: T; error?: unknown } {
  const seen: { state: 'pending' | 'done' | 'failed'; value?: T; error?: unknown } = { state: 'pending' };
  work.then(
    (value) => Object.assign(seen, { state: 'done', value }),
    (error: unknown) => Object.assign(seen, { state: 'failed', error }),
  );
  return seen;
}

jest.setTimeout(30_000);

describe('the available master is lost', () => {
  test('killed: the standby serves without it, and a retry finds the first answer (M4, M7, M10, M15)', async () => {
    await using cluster = await Cluster.start(['a', 'b']);
    const id = randomUUID();
    await cluster.at(0).post('before', id);
    await cluster.at(0).kill();
    cluster.router.promote('b', true);
    await eventually(() => cluster.at(1).kind === 'available', 'b is available');
    expect(cluster.router.now.inSyncIds).toEqual(['b']);
    expect((await cluster.at(1).post('before', id)).outcome.kind).toBe('post');
    expect(cluster.storeAt(1).applied.filter((entry) => entry.id === id)).toHaveLength(1);
  });

  test('killed with a post under way: a retry at the next one attaches to it, and it is there once (M7, M15)', async () => {
    await using cluster = await Cluster.start(['a', 'b']);
    const id = randomUUID();
    cluster.storeAt(0).flushMs = 60_000;
    const first = watched(cluster.at(0).post('under way', id));
    await eventually(() => cluster.storeAt(1).positions().lastSeq === 2, 'b has it, uncommitted');
    expect(first.state).toBe('pending');
    await cluster.at(0).kill();
    cluster.router.promote('b', true);
    await cluster.at(1).heart.role.settled(1000);
    await eventually(() => cluster.at(1).kind === 'available', 'b is available');
    expect((await cluster.at(1).post('under way', id)).outcome.kind).toBe('post');
    expect(cluster.storeAt(1).applied.filter((entry) => entry.id === id)).toHaveLength(1);
  });

  test('cut off from the router: it acknowledges nothing and answers no read, and learns where to go (M2, M6, M9)', async () => {
    await using cluster = await Cluster.start(['a', 'b']);
    cluster.router.muted.add('a');
    cluster.router.promote('b');
    await eventually(() => cluster.at(1).kind === 'activating', 'b is named');
    const post = watched(cluster.at(0).post('too late'));
    await eventually(() => cluster.at(1).kind === 'available', 'b is available');
    const read = watched(cluster.at(0).read(() => 'stale'));
    await eventually(() => read.state !== 'pending', 'the read is answered');
    expect(read.error).toMatchObject({ reason: 'NOT_AVAILABLE_MASTER' });
    expect(post.state).toBe('pending');
    cluster.router.muted.delete('a');
    await eventually(() => cluster.at(0).kind === 'following', 'a has stepped down');
    await eventually(() => post.state === 'failed', 'the post is refused');
    expect(post.error).toMatchObject({
      reason: 'NOT_AVAILABLE_MASTER',
      metadata: { address: cluster.at(1).address },
    });
    await eventually(() => cluster.router.now.inSyncIds.length === 2, 'a is in sync as a standby');
  });

  test('a post that was not appended when the reign ended is not appended in a later one (M6)', async () => {
    await using cluster = await Cluster.start(['a']);
    const a = cluster.at(0);
    const late = watched(a.post('too late'));
    const { now } = cluster.router;
    const elsewhere = { ...now, version: now.version + 1, epoch: 2, availableId: 'b' };
    a.heart.replication.host.dispatch({ kind: 'learned', configuration: elsewhere, endedEpochs: [] });
    cluster.router.change({ epoch: 2, availableId: 'b' });
    cluster.router.promote('a');
    await eventually(() => a.kind === 'available' && a.heart.role.reigns, 'a is available again');
    expect(late.error).toMatchObject({ reason: 'NOT_AVAILABLE_MASTER' });
    await a.post('in time');
    expect(cluster.storeAt(0).applied.filter(({ id }) => id !== undefined)).toHaveLength(1);
  });

  test('silent: the next one waits out the lease that it granted (M9)', async () => {
    await using cluster = await Cluster.start(['a', 'b']);
    cluster.router.muted.add('a');
    const before = performance.now();
    cluster.router.promote('b');
    await eventually(() => cluster.at(1).kind === 'available', 'b is available');
    expect(performance.now() - before).toBeGreaterThan(300);
  });

  test('a read that waits for the router while the role moves is refused (M8)', async () => {
    await using cluster = await Cluster.start(['a', 'b'], 2);
    await cluster.at(1).kill();
    const a = cluster.at(0);
    cluster.router.muted.add('a');
    await eventually(() => mayRead(a.replica, performance.now()) === 'check', 'the lease is over');
    const read = watched(a.read(() => 'stale'));
    cluster.router.muted.delete('a');
    cluster.router.promote('b');
    await eventually(() => read.state !== 'pending', 'the read is answered');
    expect(read.error).toMatchObject({ reason: 'NOT_AVAILABLE_MASTER' });
  });
});

describe('giving the role back (M10)', () => {
  test('on request: nothing waits for a lease, the old one stays in the set, whoever waits gets the new address', async () => {
    await using cluster = await Cluster.start(['a', 'b']);
    await cluster.at(0).post('before');
    const reign = cluster.at(0).heart.role.available();
    cluster.router.resignTo = 'b';
    cluster.router.push();
    await eventually(() => cluster.at(1).kind === 'available', 'b is available');
    await eventually(() => reign.ended.aborted, 'the reign of a is over');
    expect(reign.ended.reason).toMatchObject({ address: cluster.at(1).address, epoch: 2 });
    await eventually(() => cluster.router.now.inSyncIds.length === 2, 'a is in sync');
    expect(cluster.router.asked.slice(1)).toEqual([]);
    expect((await cluster.at(1).post('after')).copies).toBe(2);
  });

  test('posts under load are answered by one of the two, each once', async () => {
    await using cluster = await Cluster.start(['a', 'b']);
    const ids = Array.from({ length: 400 }, () => randomUUID());
    const calls = ids.map(async (id, nth) => {
      await new Promise((resolve) => setTimeout(resolve, nth / 2));
      for (;;) {
        for (const master of cluster.masters) {
          try {
            return await master.post('load', id);
          } catch (error) {
            expect(error).toMatchObject({ reason: 'NOT_AVAILABLE_MASTER' });
          }
        }
        await new Promise((resolve) => setTimeout(resolve, 2));
      }
    });
    await new Promise((resolve) => setTimeout(resolve, 50));
    cluster.router.resignTo = 'b';
    cluster.router.push();
    await Promise.all(calls);
    const applied = cluster.storeAt(1).applied.map(({ id }) => id);
    expect(ids.filter((id) => applied.filter((one) => one === id).length !== 1)).toEqual([]);
  });

  test('on its own before it ends (SIGTERM)', async () => {
    await using cluster = await Cluster.start(['a', 'b']);
    await cluster.at(0).heart.resign();
    expect(cluster.router.now).toMatchObject({ availableId: 'b', epoch: 2 });
    await eventually(() => cluster.at(1).kind === 'available', 'b is available');
    await eventually(() => cluster.router.now.inSyncIds.join() === 'b', 'b waits for nobody who has left');
  });
});

describe('what a master does not survive', () => {
  test('a failed disk: nothing is acknowledged any more, and the process is to end with code 70 (M13)', async () => {
    await using cluster = await Cluster.start(['a', 'b']);
    cluster.storeAt(0).breakDisk();
    const ended = watched(cluster.at(0).heart.finished);
    await eventually(() => ended.state === 'failed', 'a gives up');
    expect(ended.error).toMatchObject({ code: 70 });
    expect(() => cluster.at(0).post('never')).toThrow('not the available one');
  });

  test('a router of another cluster: code 78 (R9)', async () => {
    await using cluster = await Cluster.start(['a']);
    const ended = watched(cluster.at(0).heart.finished);
    cluster.router.change({ clusterId: 'another' });
    await eventually(() => ended.state === 'failed', 'a gives up');
    expect(ended.error).toMatchObject({ code: 78 });
  });

  test.each(['FOREIGN_CLUSTER', 'DATA_LOST'] as const)(
    'a registration refused with %s: code 78 (R7, R9)',
    async (reason) => {
      await using router = new FakeRouter();
      await router.listen();
      router.refuse = refusal(reason);
      await using a = await TestMaster.start({ store: new MemoryStore('a'), routers: [router.address] });
      const ended = watched(a.heart.finished);
      await eventually(() => ended.state === 'failed', 'a gives up');
      expect(ended.error).toMatchObject({ code: 78 });
    },
  );

  test('a history that was given up: it begins anew (R10)', async () => {
    await using cluster = await Cluster.start(['a', 'b']);
    const ended = watched(cluster.at(1).heart.finished);
    cluster.router.change({ history: 2, epoch: 2, inSyncIds: ['a'] });
    await eventually(() => ended.state !== 'pending', 'b gives its data up');
    expect(ended.value).toBe('renew');
    await eventually(() => cluster.storeAt(0).facts().history === 2, 'a keeps the new history');
    expect(ended.state).toBe('done');
  });
});

describe('the link to the router', () => {
  test('goes to the next address when one is dead, and comes back when it returns', async () => {
    await using router = new FakeRouter();
    await router.listen();
    const routers = ['127.0.0.1:1', router.address];
    await using a = await TestMaster.start({ store: new MemoryStore('a'), routers });
    await eventually(() => a.kind === 'available', 'a is available');
    const { address } = router;
    await router[Symbol.asyncDispose]();
    router.said.clear();
    await router.listen(address);
    await eventually(() => router.said.has('a'), 'a pings again');
  });

  test('reports where it stands, and the witness of a standby whose available master is gone (R8)', async () => {
    await using cluster = await Cluster.start(['a', 'b']);
    await cluster.at(0).post('one');
    await eventually(() => cluster.router.said.get('a')?.committedSeq === 2n, 'a reports');
    await eventually(() => cluster.router.said.get('b')?.lastSeq === 2n, 'b reports');
    expect(cluster.router.said.get('b')?.availableUnreachable).toBe(false);
    const silentMs = (): number => cluster.router.said.get('b')?.heardAvailableMsAgo ?? Number.NaN;
    await eventually(() => silentMs() < 300, 'b hears a');
    await cluster.at(0).kill();
    await eventually(() => silentMs() > 300, 'b hears a no more');
    await eventually(() => cluster.router.said.get('b')?.availableUnreachable === true, 'b says so');
  });
});
