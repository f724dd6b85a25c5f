// A router that does what the test tells it, and grants what the available master asks for.

import {
  type AddMasterRequest,
  type AlterInSyncRequest,
  type DualPingRequest,
  type DualPingResponse,
  RouterServiceService,
} from '@everline/contracts';
import type { Configuration } from '@everline/protocol';
import { refusal } from '../../src/errors.js';
import { configurationMessage } from '../../src/role/router-wire.js';
import {
  createRpcServer,
  type OpenOut,
  type Refusal,
  type RpcServer,
  silent,
  systemClock,
} from './chassis.js';

type Out = OpenOut<DualPingResponse>;

export class FakeRouter implements AsyncDisposable {
  configuration: Configuration | undefined;
  endedEpochs: number[] = [];
  resignTo = '';
  /** What each master said last. */
  readonly said = new Map<string, DualPingRequest>();
  /** The in-sync sets that were asked for. */
  readonly asked: string[][] = [];
  /** Refuses the next registrations with this. */
  refuse: Refusal | undefined;
  /** Masters that are told nothing any more. */
  readonly muted = new Set<string>();
  address = '';
  #server: RpcServer | undefined;
  readonly #streams = new Map<string, Out>();
  readonly #minInSync: number;

  constructor(minInSync = 1) {
    this.#minInSync = minInSync;
  }

  async listen(address = '127.0.0.1:0'): Promise<void> {
    const server = createRpcServer({ log: silent, clock: systemClock });
    const no = (): never => {
      throw refusal('UNEXPECTED');
    };
    server.add(RouterServiceService, {
      addMaster: (request) => this.#add(request),
      alterInSync: (request) => this.#alter(request),
      dualPing: { open: (_context, out) => this.#open(out) },
      getAvailable: no,
      watchAvailable: no,
      reportDeath: no,
      switchover: no,
      forceAvailable: no,
      describeCluster: no,
    });
    const { port } = await server.listen(address);
    this.address = `127.0.0.1:${port}`;
    this.#server = server;
  }

  get now(): Configuration {
    if (this.configuration === undefined) throw new Error('no cluster yet');
    return this.configuration;
  }

  /** A new configuration, pushed to everyone (R1, R4). */
  change(change: Partial<Configuration>): void {
    this.configuration = { ...this.now, version: this.now.version + 1, ...change };
    this.push();
  }

  /** Makes this one available in a new epoch. */
  promote(availableId: string, ended = false): void {
    if (ended) this.endedEpochs.push(this.now.epoch);
    this.change({ availableId, epoch: this.now.epoch + 1 });
  }

  push(): void {
    for (const [masterId, out] of this.#streams) if (!this.muted.has(masterId)) out.write(this.#answer(0n));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#server?.drain(0);
  }

  #add(request: AddMasterRequest) {
    const { masterId, address } = request;
    if (this.refuse !== undefined) throw this.refuse;
    if (this.muted.has(masterId)) throw refusal('UNEXPECTED');
    const known = this.configuration;
    const first = { clusterId: 'c', version: 0, epoch: 1, availableId: masterId, inSyncIds: [masterId] };
    const base = known ?? { ...first, masters: [], minInSync: this.#minInSync, history: 1 };
    const masters = base.masters.filter((listing) => listing.masterId !== masterId);
    this.configuration = { ...base, version: base.version + 1, masters: [...masters, { masterId, address }] };
    this.push();
    return {
      clusterId: this.configuration.clusterId,
      configuration: configurationMessage(this.configuration),
    };
  }

  #alter({ masterId, epoch, version, inSyncIds }: AlterInSyncRequest) {
    this.asked.push([...inSyncIds]);
    const { now } = this;
    if (Number(epoch) !== now.epoch || masterId !== now.availableId) throw refusal('STALE_EPOCH');
    if (Number(version) !== now.version) throw refusal('STALE_VERSION');
    if (inSyncIds.length < Math.min(now.minInSync, now.inSyncIds.length)) throw refusal('BELOW_MIN_IN_SYNC');
    this.configuration = { ...now, version: now.version + 1, inSyncIds: [...inSyncIds] };
    this.push();
    return { configuration: configurationMessage(this.configuration) };
  }

  #open(out: Out) {
    let masterId = '';
    return {
      onMessage: (request: DualPingRequest): void => {
        masterId = request.masterId;
        this.#streams.set(masterId, out);
        this.said.set(masterId, request);
        if (!this.muted.has(masterId)) out.write(this.#answer(request.ping));
        if (Number(request.resignedEpoch) === this.now.epoch) this.#replace(masterId);
      },
      onEnd: (): void => out.end(),
      onClosed: (): void => {
        if (this.#streams.get(masterId) === out) this.#streams.delete(masterId);
      },
    };
  }

  #replace(resignedId: string): void {
    this.resignTo = '';
    const next = this.now.inSyncIds.find((id) => id !== resignedId && this.#streams.has(id));
    this.promote(next ?? resignedId, true);
  }

  #answer(ping: bigint): DualPingResponse {
    return {
      configuration: configurationMessage(this.now),
      ping,
      endedEpochs: this.endedEpochs.map(BigInt),
      reapedEpochs: [],
      resignToMasterId: this.resignTo,
      epoch: BigInt(this.now.epoch),
    };
  }
}
