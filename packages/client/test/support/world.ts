import { seededRandom, systemClock } from '@everline/chassis';
import type { Client, ConnectOptions, Moved } from '../../src/client.js';
import { type OpenParts, open } from '../../src/connect.js';
import { eventually } from './eventually.js';
import { FakeJournal } from './fake-journal.js';
import { FakeMaster } from './fake-master.js';
import { FakeRouter } from './fake-router.js';

/** A router, two masters that share a journal, and clients; everything ends with the world. */
export class World implements AsyncDisposable {
  readonly journal: FakeJournal;
  readonly router: FakeRouter;
  readonly a: FakeMaster;
  readonly b: FakeMaster;
  readonly moves: Moved[] = [];
  readonly #clients: Client[] = [];
  readonly #more: { stop(): Promise<void> }[] = [];

  private constructor(parts: { journal: FakeJournal; router: FakeRouter; a: FakeMaster; b: FakeMaster }) {
    this.journal = parts.journal;
    this.router = parts.router;
    this.a = parts.a;
    this.b = parts.b;
  }

  /** Master a serves in epoch 1. */
  static async start(): Promise<World> {
    const journal = new FakeJournal();
    const [router, a, b] = await Promise.all([
      FakeRouter.start(),
      FakeMaster.start(journal),
      FakeMaster.start(journal),
    ]);
    router.masters = [a.address, b.address];
    router.onSay = (address) => [a, b].find((master) => master.address === address)?.takeTurn();
    router.say(a.address, 1);
    return new World({ journal, router, a, b });
  }

  connect(options: Partial<ConnectOptions> = {}, parts: Partial<OpenParts> = {}): Client {
    const client = open(
      { routers: this.router.address, user: 'u1', onMoved: (to) => this.moves.push(to), ...options },
      { clock: systemClock, random: seededRandom(1), pollMs: 2_000, spreadMs: 0, ...parts },
    );
    this.#clients.push(client);
    return client;
  }

  /** A client whose calls go to a, with a warm connection to b. */
  async connectWarm(options: Partial<ConnectOptions> = {}, parts: Partial<OpenParts> = {}): Promise<Client> {
    const client = this.connect(options, parts);
    await eventually(() => client.master?.address === this.a.address, 'a master is found');
    await eventually(() => this.b.front.connections > 0, 'the standby is warm');
    return client;
  }

  async another(): Promise<FakeMaster> {
    const master = await FakeMaster.start(this.journal);
    this.#more.push(master);
    return master;
  }

  async anotherRouter(): Promise<FakeRouter> {
    const router = await FakeRouter.start();
    this.#more.push(router);
    return router;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all(this.#clients.map((client) => client.close()));
    await Promise.all([this.router, this.a, this.b, ...this.#more].map((part) => part.stop()));
  }
}
