import { callUnary, openChannel, type RpcChannel, systemClock } from '@everline/chassis';
import {
  type AddMasterResponse,
  type AlterInSyncResponse,
  type Configuration,
  type DualPingRequest,
  type DualPingResponse,
  RouterServiceClient,
} from '@everline/contracts';
import type { ClientDuplexStream, ServiceError } from '@grpc/grpc-js';
import { eventually } from './eventually.js';

type Stream = ClientDuplexStream<DualPingRequest, DualPingResponse>;

const pingMs = 20;
const callMs = 5_000;

/** Registers, pings, and writes down what it is told. It obeys a resignation when it is told to. */
export class FakeMaster {
  readonly id: string;
  facts = {
    address: '',
    incarnation: '',
    clusterId: '',
    version: 0n,
    epoch: 0n,
    lastSeq: 0n,
    lastEpoch: 0n,
    committedSeq: 0n,
  };
  configuration: Configuration | undefined;
  readonly answers: DualPingResponse[] = [];
  readonly toldAtMs = new Map<bigint, number>();
  ended: ServiceError | undefined;
  /** What it says of the available master. */
  says = { heardAvailableMsAgo: 0, availableUnreachable: false };
  resigns = true;
  deafSinceMs: number | undefined;
  private number = 0n;
  private channel: RpcChannel | undefined;
  private stream: Stream | undefined;
  private stop: (() => void) | undefined;
  private readonly router: () => string;

  constructor(router: () => string, id: string, change: Partial<FakeMaster['facts']>) {
    this.router = router;
    this.id = id;
    this.facts = {
      ...this.facts,
      address: `127.0.0.1:${40_000 + id.charCodeAt(0)}`,
      incarnation: `${id}-1`,
      ...change,
    };
  }

  get client(): RouterServiceClient {
    this.channel ??= openChannel(this.router());
    return this.channel.client(RouterServiceClient);
  }

  async join(): Promise<void> {
    await this.addMaster();
    const { length } = this.answers;
    this.open();
    await eventually(() => this.answers.length > length);
  }

  async addMaster(change: Partial<FakeMaster['facts']> = {}): Promise<AddMasterResponse> {
    Object.assign(this.facts, change);
    const { client } = this;
    const request = { masterId: this.id, software: 'fake', ...this.facts, configuration: this.configuration };
    const response = await callUnary(client.addMaster.bind(client), request, { deadlineMs: callMs });
    if (response.configuration !== undefined) this.learn(response.configuration);
    return response;
  }

  open(): void {
    this.ended = undefined;
    const stream = this.client.dualPing();
    this.stream = stream;
    stream.on('data', (answer: DualPingResponse) => this.hear(answer));
    stream.on('error', (error: ServiceError) => {
      this.ended = error;
    });
    this.ping();
    this.stop = systemClock.every(pingMs, () => this.ping());
  }

  ping(change: Partial<DualPingRequest> = {}): bigint {
    this.number += 1n;
    const { incarnation, epoch, lastSeq, committedSeq } = this.facts;
    const deaf = this.deafSinceMs === undefined ? 0 : systemClock.nowMs() - this.deafSinceMs;
    this.stream?.write({
      masterId: this.id,
      incarnation,
      epoch,
      lastSeq,
      committedSeq,
      ...this.says,
      heardAvailableMsAgo: Math.round(Math.max(this.says.heardAvailableMsAgo, deaf)),
      ping: this.number,
      resignedEpoch: 0n,
      stateHash: '',
      stateHashSeq: 0n,
      ...change,
    });
    return this.number;
  }

  async alterInSync(
    inSyncIds: readonly string[],
    change: { version?: bigint; epoch?: bigint } = {},
  ): Promise<AlterInSyncResponse> {
    const { client } = this;
    const request = { masterId: this.id, ...this.facts, inSyncIds, ...change };
    const response = await callUnary(client.alterInSync.bind(client), request, { deadlineMs: callMs });
    if (response.configuration !== undefined) this.learn(response.configuration);
    return response;
  }

  /** Waits until it has been told of such a configuration. */
  sees(wanted: (configuration: Configuration) => boolean): Promise<void> {
    return eventually(() => this.configuration !== undefined && wanted(this.configuration));
  }

  /** It hangs: the stream stays, nothing more is sent. */
  hang(): void {
    this.stop?.();
  }

  wake(): void {
    this.stop = systemClock.every(pingMs, () => this.ping());
  }

  pauseReading(): void {
    this.stream?.pause();
  }

  /** The process dies: its connection breaks. */
  vanish(): void {
    this.stop?.();
    this.stream?.cancel();
    this.channel?.[Symbol.dispose]();
    this.channel = undefined;
  }

  /** Started again. */
  async restart(number: number): Promise<void> {
    this.facts.incarnation = `${this.id}-${number}`;
    await this.join();
  }

  private hear(answer: DualPingResponse): void {
    this.answers.push(answer);
    if (answer.configuration !== undefined) this.learn(answer.configuration);
    const { configuration } = this;
    if (answer.resignToMasterId !== '' && this.resigns)
      this.ping({ resignedEpoch: configuration?.epoch ?? 0n });
  }

  private learn(configuration: Configuration): void {
    if (configuration.version < (this.configuration?.version ?? 0n)) return;
    if (!this.toldAtMs.has(configuration.epoch)) this.toldAtMs.set(configuration.epoch, systemClock.nowMs());
    this.configuration = configuration;
    const { clusterId, version, epoch } = configuration;
    Object.assign(this.facts, { clusterId, version, epoch });
  }
}
