// A real router on port 0 and masters written by hand, which do nothing but talk to it.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Log, openChannel, type RpcChannel, systemClock, systemRandom } from '@everline/chassis';
import { RouterServiceClient } from '@everline/contracts';
import { openRouter, type Router } from '../../src/router.js';
import type { Settings } from '../../src/settings.js';
import { FakeMaster } from './fake-master.js';

const silent: Log = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {}, child: () => silent };

export class Scenario implements AsyncDisposable {
  readonly folder = mkdtempSync(join(tmpdir(), 'everline-router-'));
  readonly log: Log;
  private router: Router | undefined;
  private port = 0;
  private readonly channels: RpcChannel[] = [];
  private readonly masters: FakeMaster[] = [];
  private readonly change: Partial<Settings>;

  constructor(change: Partial<Settings> = {}, log: Log = silent) {
    this.change = change;
    this.log = log;
  }

  static async start(change: Partial<Settings> = {}): Promise<Scenario> {
    const scenario = new Scenario(change);
    await scenario.startRouter();
    return scenario;
  }

  get address(): string {
    return `127.0.0.1:${this.port}`;
  }

  /** On the port that it had before, if it had one. */
  async startRouter(change: Partial<Settings> = {}): Promise<void> {
    const settings: Settings = {
      listen: `127.0.0.1:${this.port}`,
      data: this.folder,
      minInSync: 1,
      pingMs: 20,
      suspicionMs: 200,
      recover: false,
      metrics: undefined,
      logLevel: 'info',
      ...this.change,
      ...change,
    };
    const { signal } = new AbortController();
    this.router = await openRouter(settings, {
      clock: systemClock,
      random: systemRandom,
      log: this.log,
      stop: signal,
    });
    this.port = this.router.port;
  }

  async stopRouter(): Promise<void> {
    await this.router?.[Symbol.asyncDispose]();
    this.router = undefined;
  }

  /** A client of its own connection. */
  client(): RouterServiceClient {
    const channel = openChannel(this.address);
    this.channels.push(channel);
    return channel.client(RouterServiceClient);
  }

  master(id: string, change: Partial<FakeMaster['facts']> = {}): FakeMaster {
    const master = new FakeMaster(() => this.address, id, change);
    this.masters.push(master);
    return master;
  }

  /** Masters that have registered and ping; those after the first are standbys and in sync. */
  async cluster(...ids: readonly string[]): Promise<FakeMaster[]> {
    const masters: FakeMaster[] = [];
    for (const id of ids) {
      const master = this.master(id);
      await master.join();
      masters.push(master);
    }
    await masters[0]?.alterInSync(ids);
    for (const master of masters)
      await master.sees((configuration) => configuration.inSyncIds.length === ids.length);
    return masters;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const master of this.masters) master.vanish();
    for (const channel of this.channels) channel[Symbol.dispose]();
    await this.stopRouter();
    rmSync(this.folder, { recursive: true, force: true });
  }
}
