import {
  type DescribeClusterResponse,
  type GetAvailableResponse,
  MasterRole,
  type RouterServiceServer,
  RouterServiceService,
  type WatchAvailableRequest,
  type WatchAvailableResponse,
} from '@everline/contracts';
import {
  Server,
  ServerCredentials,
  type ServerWritableStream,
  type StatusObject,
  type sendUnaryData,
  status,
} from '@grpc/grpc-js';
import { Front } from './front.js';
import { refusal } from './refuse.js';

/** A router written by hand: real gRPC on port 0 behind a `Front`; says what the test tells it to. */
export class FakeRouter {
  readonly front: Front;
  readonly #server: Server;
  readonly #watches = new Set<ServerWritableStream<WatchAvailableRequest, WatchAvailableResponse>>();
  said: GetAvailableResponse = { address: '', masterId: '', epoch: 0n, clusterId: '' };
  clusterId = 'the cluster';
  /** What DescribeCluster lists. */
  masters: readonly string[] = [];
  /** The watch is open but tells nothing. */
  deaf = false;
  /** The watch is not served at all. */
  watchless = false;
  asked = 0;
  described = 0;
  switchovers: string[] = [];
  onSwitchover: ((done: sendUnaryData<GetAvailableResponse>) => void) | undefined;

  /** Whoever is named hears of it, too. */
  onSay: (address: string) => void = () => undefined;

  private constructor(server: Server, front: Front) {
    this.#server = server;
    this.front = front;
  }

  static async start(): Promise<FakeRouter> {
    const server = new Server();
    const port = await new Promise<number>((resolve, reject) =>
      server.bindAsync('127.0.0.1:0', ServerCredentials.createInsecure(), (error, bound) =>
        error === null ? resolve(bound) : reject(error),
      ),
    );
    const router = new FakeRouter(server, await Front.before(port));
    server.addService(RouterServiceService, router.#handlers());
    return router;
  }

  get address(): string {
    return this.front.address;
  }

  get watchers(): number {
    return this.#watches.size;
  }

  /** Decides and pushes. */
  say(address: string, epoch: number): void {
    this.onSay(address);
    const { clusterId } = this;
    const masterId = address === '' ? '' : `id of ${address}`;
    this.said = { address, masterId, epoch: BigInt(epoch), clusterId };
    if (!this.deaf) for (const watch of this.#watches) watch.write(this.said);
  }

  async stop(): Promise<void> {
    this.#server.forceShutdown();
    await this.front.kill().catch(() => {});
  }

  #handlers(): RouterServiceServer {
    const notHere = (_call: unknown, done: sendUnaryData<never>): void =>
      done({ code: status.UNIMPLEMENTED, details: 'not of a fake router' });
    return {
      addMaster: notHere,
      alterInSync: notHere,
      reportDeath: notHere,
      forceAvailable: notHere,
      dualPing: (stream) => stream.destroy(),
      getAvailable: (_call, done) => {
        this.asked++;
        if (this.said.address !== '') return done(null, this.said);
        done(refusal('NO_AVAILABLE_MASTER', { metadata: { waits_for: 'm1,m2' } }));
      },
      watchAvailable: (stream) => {
        if (this.watchless) {
          stream.emit('error', { code: status.UNIMPLEMENTED, details: 'no watch' } as StatusObject);
          return;
        }
        this.#watches.add(stream);
        stream.on('cancelled', () => this.#watches.delete(stream));
        stream.on('close', () => this.#watches.delete(stream));
        stream.write(this.said);
      },
      switchover: ({ request }, done) => {
        this.switchovers.push(request.toMasterId);
        if (this.onSwitchover !== undefined) return this.onSwitchover(done);
        done(null, this.said);
      },
      describeCluster: (_call, done) => {
        this.described++;
        done(null, this.#description());
      },
    };
  }

  #description(): DescribeClusterResponse {
    const masters = this.masters.map((address) => ({
      masterId: `id of ${address}`,
      address,
      role: address === this.said.address ? MasterRole.MASTER_ROLE_AVAILABLE : MasterRole.MASTER_ROLE_STANDBY,
      inSync: true,
      alive: true,
      lastSeq: 7n,
      committedSeq: 7n,
      aliveSince: { seconds: 1n, nanos: 0 },
      version: '1',
      stateHash: 'h',
      stateHashSeq: 7n,
    }));
    const { epoch } = this.said;
    return {
      clusterId: 'c',
      epoch,
      masters,
      events: [],
      version: 3n,
      minInSync: 1,
      liveCopies: 2,
      history: 1,
    };
  }
}
