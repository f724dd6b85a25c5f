// A master's heart with a real server on a port of the system's choice, and a store that the test holds.
import { randomUUID } from 'node:crypto';
import { createRpcServer, type Log, type RpcServer, systemClock, systemRandom } from '@everline/chassis';
import { ReplicationServiceService } from '@everline/contracts';
import type { JournalStore } from '../../src/replication/journal-store.js';
import { OpenedRole } from '../../src/role/open-role.js';
import type { Answer } from '../../src/sns/role.js';
import type { Applied } from '../../src/state/applied.js';
import { silent } from './chassis.js';

export interface TestMasterOptions {
  readonly store: JournalStore;
  readonly routers: readonly string[];
  readonly log?: Log;
  readonly times?: Partial<typeof times>;
  readonly listen?: string;
  readonly publish?: (applied: readonly Applied[]) => void;
}

const times = { pingMs: 50, suspicionMs: 500, leaseMs: 400, lagMs: 500 };

export class TestMaster implements AsyncDisposable {
  readonly heart: OpenedRole;
  readonly store: JournalStore;
  address = '';
  readonly #server: RpcServer;
  #over = false;

  constructor(options: TestMasterOptions) {
    const log = options.log ?? silent;
    this.store = options.store;
    this.#server = createRpcServer({ log, clock: systemClock });
    this.heart = new OpenedRole({
      store: options.store,
      clock: systemClock,
      random: systemRandom,
      log,
      address: () => this.address,
      incarnation: randomUUID(),
      software: 'test',
      routers: options.routers,
      times: { ...times, ...options.times },
      publish: options.publish ?? (() => undefined),
    });
    this.#server.add(ReplicationServiceService, this.heart.replication.handlers);
  }

  static async start(options: TestMasterOptions): Promise<TestMaster> {
    const master = new TestMaster(options);
    const { port } = await master.#server.listen(options.listen ?? '127.0.0.1:0');
    master.address = `127.0.0.1:${port}`;
    master.heart.begin();
    return master;
  }

  get kind(): string {
    return this.heart.replication.host.replica.role.kind;
  }

  get replica() {
    return this.heart.replication.host.replica;
  }

  post(text: string, id: string = randomUUID()): Promise<Answer> {
    const draft = { kind: 'post', id, author: 'ada', text } as const;
    return this.heart.role.available().propose(draft, new AbortController().signal);
  }

  read<T>(look: () => T): Promise<T> {
    return this.heart.role.available().read(look);
  }

  /** Ends everything at once, as a crash would, but for the store. */
  async kill(): Promise<void> {
    if (this.#over) return;
    this.#over = true;
    await Promise.all([this.heart[Symbol.asyncDispose](), this.#server.drain(0)]);
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.kill();
  }
}
