import { eventually } from './eventually.js';
import { FakeRouter } from './fake-router.js';
import { MemoryStore } from './memory-store.js';
import { TestMaster, type TestMasterOptions } from './test-master.js';

type Options = Partial<Omit<TestMasterOptions, 'store' | 'routers'>>;

/** A router that does as it is told, and masters with stores in memory. */
export class Cluster implements AsyncDisposable {
  readonly router: FakeRouter;
  readonly masters: TestMaster[] = [];
  readonly #options: Options;

  private constructor(router: FakeRouter, options: Options) {
    this.router = router;
    this.#options = options;
  }

  /** The first is available, all are in sync. */
  static async start(ids: readonly string[], minInSync = 1, options: Options = {}): Promise<Cluster> {
    const cluster = new Cluster(new FakeRouter(minInSync), options);
    await cluster.router.listen();
    for (const [nth, id] of ids.entries()) {
      const master = await cluster.add(id);
      if (nth === 0 && minInSync === 1)
        await eventually(() => master.kind === 'available', `${id} is available`);
      const members = (): number => cluster.router.configuration?.inSyncIds.length ?? 0;
      if (nth > 0) await eventually(() => members() === nth + 1, `${id} is in sync`);
    }
    const first = cluster.at(0);
    await eventually(() => first.kind === 'available', 'the first is available');
    const knows = (): boolean => first.replica.standing.configuration?.inSyncIds.length === ids.length;
    await eventually(knows, 'the first knows that all are in sync');
    return cluster;
  }

  async add(id: string, store = new MemoryStore(id)): Promise<TestMaster> {
    const master = await TestMaster.start({ store, routers: [this.router.address], ...this.#options });
    this.masters.push(master);
    return master;
  }

  at(nth: number): TestMaster {
    const master = this.masters[nth];
    if (master === undefined) throw new Error(`no master ${nth}`);
    return master;
  }

  storeAt(nth: number): MemoryStore {
    return this.at(nth).store as MemoryStore;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const master of this.masters) await master.kill();
    await this.router[Symbol.asyncDispose]();
  }
}
