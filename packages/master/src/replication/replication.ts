// Everything that keeps the journals of the masters the same, put together.
import type { Cancel, Clock, Handlers, Log, Random, Refusal } from '@everline/chassis';
import type { ReplicateHello, ReplicationServiceService } from '@everline/contracts';
import { defaultReplicaTimes, type JournalView, openReplica } from '@everline/protocol/replica';
import type { Applied } from '../state/applied.js';
import { Batcher } from './batcher.js';
import { Channels } from './channels.js';
import { Follow } from './follow.js';
import { JournalHand } from './journal-hand.js';
import type { JournalStore } from './journal-store.js';
import { Proposals } from './proposals.js';
import { ReplicaHost } from './replica-host.js';
import { replicate } from './replicate.js';
import { Shipper } from './shipper.js';
import { fetchSnapshot } from './snapshot-in.js';
import { SnapshotOut } from './snapshot-out.js';

export interface ReplicationOptions {
  readonly store: JournalStore;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Log;
  readonly incarnation: string;
  readonly times: {
    readonly pingMs: number;
    readonly suspicionMs: number;
    readonly leaseMs: number;
    readonly lagMs: number;
  };
  /** Right after commands were applied (M1). */
  readonly publish: (applied: readonly Applied[]) => void;
  readonly onWitness: () => void;
  readonly onHopeless: (refused: Refusal) => void;
  /** @throws Refusal when this is not the available master */
  readonly mustReign: () => void;
}

export class Replication implements Disposable {
  readonly host: ReplicaHost;
  readonly hand: JournalHand;
  readonly proposals = new Proposals();
  readonly batcher: Batcher;
  readonly shipper: Shipper;
  readonly follow: Follow;
  readonly channels: Channels;
  readonly handlers: Handlers<typeof ReplicationServiceService>;
  readonly #snapshots: SnapshotOut;
  readonly #cancelBeat: Cancel;

  constructor(options: ReplicationOptions) {
    const { store, clock, times } = options;
    this.host = openHost(options);
    const { host } = this;
    this.hand = new JournalHand({
      store,
      host,
      clock,
      onApplied: (applied) => this.#answer(applied, options),
    });
    const { hand } = this;
    this.shipper = new Shipper({ store, host, clock, beatMs: times.pingMs });
    this.batcher = new Batcher({ store, host, hand, clock, onAppended: () => this.shipper.shipAll() });
    this.channels = new Channels({ ...options, onRefused: (address) => this.#refused(address) });
    const { channels } = this;
    this.follow = new Follow({
      ...options,
      host,
      hand,
      channels,
      silenceMs: times.suspicionMs,
      hello: () => helloOf(store, host, options.incarnation),
      restore: (address, signal) => restore(options, host, channels, address, signal),
    });
    this.#snapshots = new SnapshotOut(options);
    const { getFollowerInfo, getPosts } = this.#snapshots;
    this.handlers = {
      replicate: replicate({ host, shipper: this.shipper, store, clock }),
      getFollowerInfo,
      getPosts,
    };
    this.#cancelBeat = clock.every(times.pingMs, () => this.#beat());
  }

  [Symbol.dispose](): void {
    this.#cancelBeat();
    this.follow[Symbol.dispose]();
    this.shipper.endAll('moved');
    this.hand[Symbol.dispose]();
    this.host[Symbol.dispose]();
    this.channels[Symbol.dispose]();
    this.#snapshots[Symbol.dispose]();
  }

  #beat(): void {
    this.host.dispatch({ kind: 'tick' });
    this.shipper.beat();
    this.proposals.dropAborted();
  }

  #refused(address: string): void {
    const masters = this.host.replica.standing.configuration?.masters ?? [];
    for (const listing of masters) {
      if (listing.address === address)
        this.host.dispatch({ kind: 'unreachable', masterId: listing.masterId });
    }
  }

  /** M1: whoever waits, then whoever reads along. */
  #answer(applied: readonly Applied[], { store, publish }: ReplicationOptions): void {
    const copies = this.host.replica.standing.configuration?.inSyncIds.length ?? 1;
    this.proposals.settle(applied, copies, (draft) => store.answerTo(draft));
    publish(applied);
  }
}

function openHost({ store, clock, times }: ReplicationOptions): ReplicaHost {
  const { promisedEpoch, configuration } = store.facts();
  const { lastSeq, lastEpoch, appliedSeq } = store.positions();
  const { leaseMs, lagMs, pingMs: beatMs } = times;
  const settings = { ...defaultReplicaTimes, masterId: store.masterId, leaseMs, lagMs, beatMs };
  const found = { promisedEpoch, configuration, lastSeq, lastEpoch, appliedSeq };
  return new ReplicaHost(openReplica(settings, found, clock.nowMs()), viewOf(store), clock);
}

function viewOf(store: JournalStore): JournalView {
  return {
    get firstSeq() {
      return store.positions().firstSeq;
    },
    get lastSeq() {
      return store.positions().lastSeq;
    },
    epochAt: (seq) => store.epochAt(seq),
  };
}

function helloOf(store: JournalStore, { replica }: ReplicaHost, incarnation: string): ReplicateHello {
  const { clusterId, history } = store.facts();
  const { lastSeq, lastEpoch } = store.positions();
  return {
    masterId: store.masterId,
    incarnation,
    clusterId: clusterId ?? '',
    epoch: BigInt(replica.standing.promisedEpoch),
    lastSeq: BigInt(lastSeq),
    lastEpoch: BigInt(lastEpoch),
    committedSeq: BigInt(replica.standing.committedSeq),
    history,
    leaseMs: replica.settings.leaseMs,
  };
}

async function restore(
  { store, clock, log }: ReplicationOptions,
  host: ReplicaHost,
  channels: Channels,
  address: string,
  signal: AbortSignal,
): Promise<void> {
  const epoch = host.replica.standing.promisedEpoch;
  const seq = await fetchSnapshot({ store, channel: channels.to(address), clock, epoch, signal });
  log.info({ as_of_seq: seq }, 'a snapshot is in place');
  host.dispatch({ kind: 'restored', seq });
}
