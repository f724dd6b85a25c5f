import { randomUUID } from 'node:crypto';
import { describe, expect, test } from '@jest/globals';
import { eventually } from './eventually.js';
import { FakeRouter } from './fake-router.js';
import { MemoryStore } from './memory-store.js';
import { TestMaster } from './test-master.js';

async function pair(router: FakeRouter): Promise<[TestMaster, TestMaster]> {
  await router.listen();
  const routers = [router.address];
  const a = await TestMaster.start({ store: new MemoryStore('a'), routers });
  await eventually(() => a.kind === 'available', 'a is available');
  const b = await TestMaster.start({ store: new MemoryStore('b'), routers });
  await eventually(() => router.now.inSyncIds.length === 2, 'b is in sync');
  return [a, b];
}

describe('the available master is lost', () => {
  test('killed, with a certificate: the standby serves at once, without the dead one, and has everything (M4, M7, M10)', async () => {
    await using router = new FakeRouter();
    const [a, b] = await pair(router);
    const id = randomUUID();
    await a.post('before', id);
    await a.kill();
    const startedMs = performance.now();
    router.promote('b', true);
    await eventually(() => b.kind === 'available', 'b is available');
    const tookMs = performance.now() - startedMs;
    expect(router.now.inSyncIds).toEqual(['b']);
    const again = await b.post('before', id); // M15
    expect(again.outcome.kind).toBe('post');
    const ids = (b.store as MemoryStore).applied.filter((entry) => entry.id === id);
    expect(ids).toHaveLength(1);
    console.log({ tookMs });
    await b.kill();
  });
});
