import { randomUUID } from 'node:crypto';
import { describe, expect, jest, test } from '@jest/globals';
import { eventually } from './eventually.js';
import { FakeRouter } from './fake-router.js';
import { WholeMaster } from './whole-master.js';

async function pair(router: FakeRouter): Promise<[WholeMaster, WholeMaster]> {
  await router.listen();
  const a = await WholeMaster.start(router);
  await eventually(() => router.configuration !== undefined, 'a formed the cluster');
  const b = await WholeMaster.start(router);
  await eventually(() => router.now.inSyncIds.length === 2, 'b is in sync');
  await a.login('ada');
  return [a, b];
}

function idOf(router: FakeRouter, master: WholeMaster): string {
  return router.now.masters.find(({ address }) => address === master.address)?.masterId ?? '';
}

jest.setTimeout(30_000);

describe('whole masters on real stores', () => {
  test('a post is on both disks, and survives that both are stopped and started', async () => {
    await using router = new FakeRouter();
    const [a, b] = await pair(router);
    await using _a = a;
    await using _b = b;
    expect((await a.post('kept')).copies).toBe(2);
    const last = idOf(router, b);
    const listen = { a: a.address, b: b.address };
    await a.stop();
    await eventually(() => router.now.availableId === last, 'b has taken over');
    await eventually(() => router.now.inSyncIds.length === 1, 'b goes on alone');
    await b.stop();
    router.said.clear();
    await b.start({ listen: listen.b });
    await eventually(() => router.said.has(last), 'b is back');
    router.promote(last);
    await b.post('again');
    expect(await b.timeline('ada')).toEqual(['again', 'kept']);
    await a.start({ listen: listen.a });
    await eventually(() => router.now.inSyncIds.length === 2, 'a is in sync again');
  });

  test('a switchover loses no call: who comes meanwhile waits, or is told where to go', async () => {
    await using router = new FakeRouter();
    const [a, b] = await pair(router);
    await using _a = a;
    await using _b = b;
    const ids = Array.from({ length: 100 }, () => randomUUID());
    const posts = ids.map(async (id, nth) => {
      await new Promise((resolve) => setTimeout(resolve, nth * 2));
      for (;;) {
        const to = router.now.availableId === idOf(router, b) ? b : a;
        try {
          return await to.post(`post ${nth}`, id);
        } catch (error) {
          expect(error).toMatchObject({ reason: 'NOT_AVAILABLE_MASTER' });
        }
      }
    });
    await new Promise((resolve) => setTimeout(resolve, 50));
    router.resignTo = idOf(router, b);
    router.push();
    const answers = await Promise.all(posts);
    expect(new Set(answers.map(({ post }) => post?.seq)).size).toBe(100);
    expect((await b.timeline('ada')).length).toBe(100);
  });

  test('only the available master is healthy for clients; a standby says where to go', async () => {
    await using router = new FakeRouter();
    const [a, b] = await pair(router);
    await using _a = a;
    await using _b = b;
    expect([await a.serves(), await b.serves()]).toEqual([true, false]);
    await expect(b.post('no')).rejects.toMatchObject({
      reason: 'NOT_AVAILABLE_MASTER',
      metadata: { address: a.address, epoch: '1' },
    });
  });

  test('a second master on the same data directory is refused with code 75', async () => {
    await using router = new FakeRouter();
    await router.listen();
    await using a = await WholeMaster.start(router);
    const second = new WholeMaster(router, { data: a.data });
    await expect(second.start()).rejects.toMatchObject({ code: 75 });
  });

  test('--reset-from-peers sets aside what is there and fetches everything, as a new master', async () => {
    await using router = new FakeRouter();
    const [a, b] = await pair(router);
    await using _a = a;
    await using _b = b;
    await a.post('kept');
    const former = idOf(router, b);
    await b.stop();
    await eventually(() => router.now.inSyncIds.length === 1, 'b is out of the set');
    await b.start({ resetFromPeers: true });
    await eventually(() => router.now.inSyncIds.length === 2, 'the new b is in sync');
    expect(router.now.inSyncIds).not.toContain(former);
  });

  test('when a person gave the role to another in a new history, it begins anew under another id (R10)', async () => {
    await using router = new FakeRouter();
    const [a, b] = await pair(router);
    await using _a = a;
    await using _b = b;
    await a.post('of the old history');
    const [idA, idB] = [idOf(router, a), idOf(router, b)];
    router.change({ history: 2, epoch: 2, availableId: idB, inSyncIds: [idB] });
    await eventually(() => router.now.inSyncIds.length === 2, 'a new master joins', 8000);
    expect(router.now.inSyncIds).not.toContain(idA);
    expect(
      router.now.masters.some(({ address, masterId }) => address === a.address && masterId !== idA),
    ).toBe(true);
    expect((await b.post('of the new one')).copies).toBe(2);
  });
});
