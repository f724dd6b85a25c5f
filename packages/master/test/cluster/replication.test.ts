import { describe, expect, test } from '@jest/globals';
import { eventually } from './eventually.js';
import { FakeRouter } from './fake-router.js';
import { MemoryStore } from './memory-store.js';
import { TestMaster } from './test-master.js';

describe('masters over real gRPC', () => {
  test('an available master and a standby: what is acknowledged is on both, and the standby applies it', async () => {
    await using router = new FakeRouter();
    await router.listen();
    const routers = [router.address];
    await using a = await TestMaster.start({ store: new MemoryStore('a'), routers });
    await eventually(() => a.kind === 'available', 'a is available');
    await using b = await TestMaster.start({ store: new MemoryStore('b'), routers });
    await eventually(() => router.now.inSyncIds.length === 2, 'b is in sync');
    const answer = await a.post('hello');
    expect(answer.copies).toBe(2);
    expect(b.store.positions().lastSeq).toBe(a.store.positions().lastSeq);
    await eventually(
      () => b.store.positions().appliedSeq === a.store.positions().appliedSeq,
      'b has applied it',
    );
  });
});
