// Whole masters, as their processes run them, with real stores; and clients that speak the contract.
import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  type ClientConstructor,
  callUnary,
  openChannel,
  type RpcChannel,
  systemClock,
  systemRandom,
  type UnaryMethod,
} from '@everline/chassis';
import { type PostResponse, SnsServiceClient } from '@everline/contracts';
import { type Client, makeGenericClientConstructor } from '@grpc/grpc-js';
import { type Master, openMaster } from '../../src/master.js';
import type { Settings } from '../../src/settings.js';
import { silent } from './chassis.js';
import type { FakeRouter } from './fake-router.js';

type Check = UnaryMethod<string, Buffer>;

/** grpc.health.v1: a name goes out, a number comes back. */
const HealthClient = makeGenericClientConstructor(
  {
    check: {
      path: '/grpc.health.v1.Health/Check',
      requestStream: false,
      responseStream: false,
      requestSerialize: (service: string) =>
        Buffer.concat([Buffer.of(10, service.length), Buffer.from(service)]),
      requestDeserialize: String,
      responseSerialize: (bytes: Buffer) => bytes,
      responseDeserialize: (bytes: Buffer) => bytes.subarray(1),
    },
  },
  'grpc.health.v1.Health',
) as unknown as ClientConstructor<Client & { check: Check }>;

export class WholeMaster implements AsyncDisposable {
  readonly data: string;
  readonly #settings: Settings;
  #master: Master | undefined;
  #channel: RpcChannel | undefined;

  constructor(router: FakeRouter, settings: Partial<Settings> = {}) {
    this.data = settings.data ?? mkdtempSync(join(tmpdir(), 'everline-master-'));
    this.#settings = {
      listen: '127.0.0.1:0',
      advertise: undefined,
      routers: [router.address],
      data: this.data,
      pingMs: 50,
      suspicionMs: 500,
      leaseMs: 400,
      lagMs: 500,
      resetFromPeers: false,
      metrics: undefined,
      logLevel: 'silent',
      ...settings,
    };
  }

  static async start(router: FakeRouter, settings: Partial<Settings> = {}): Promise<WholeMaster> {
    const master = new WholeMaster(router, settings);
    await master.start();
    return master;
  }

  async start(settings: Partial<Settings> = {}): Promise<void> {
    const context = { clock: systemClock, random: systemRandom, log: silent };
    this.#master = await openMaster({ ...this.#settings, ...settings }, context);
    this.#master.finished?.catch(() => undefined);
  }

  get address(): string {
    return `127.0.0.1:${this.#master?.port}`;
  }

  get finished(): Promise<unknown> | undefined {
    return this.#master?.finished;
  }

  get channel(): RpcChannel {
    if (this.#channel?.address !== this.address || this.#channel.state() === 'broken') {
      this.#channel?.[Symbol.dispose]();
      this.#channel = openChannel(this.address);
    }
    return this.#channel;
  }

  async login(username: string): Promise<void> {
    const client = this.channel.client(SnsServiceClient);
    const request = { username, exclusive: false, sessionId: '', password: '', requestId: '' };
    await callUnary(client.login.bind(client), request, { deadlineMs: 5000 });
  }

  post(text: string, postId: string = randomUUID()): Promise<PostResponse> {
    const client = this.channel.client(SnsServiceClient);
    return callUnary(client.post.bind(client), { username: 'ada', postId, text }, { deadlineMs: 5000 });
  }

  async timeline(username: string): Promise<readonly string[]> {
    const client = this.channel.client(SnsServiceClient);
    const request = { username, pageSize: 1000, before: '', includeOwn: true };
    const { entries } = await callUnary(client.readTimeline.bind(client), request, { deadlineMs: 5000 });
    return entries.map(({ post }) => post?.text ?? '');
  }

  /** What the health check says of the clients' service. */
  async serves(): Promise<boolean> {
    const client = this.channel.client(HealthClient);
    const [servingStatus] = await callUnary(client.check.bind(client), 'everline.sns.v1.SnsService', {
      deadlineMs: 5000,
    });
    return servingStatus === 1;
  }

  /** In good order, as on SIGTERM. */
  async stop(): Promise<void> {
    const master = this.#master;
    this.#master = undefined;
    await master?.[Symbol.asyncDispose]();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop();
    this.#channel?.[Symbol.dispose]();
    rmSync(this.data, { recursive: true, force: true });
  }
}
