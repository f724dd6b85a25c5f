// Everything that keeps the journals of the masters the same, put together.
import type { Clock, Handlers, Log, Random, Refusal } from '@everline/chassis';
import type { ReplicateHello, ReplicationServiceService } from '@everline/contracts';
import { defaultReplicaTimes, type JournalView, openReplica } from '@everline/protocol/replica';
import type { Applied } from '../state/applied.js';
import type { Store } from '../store/store.js';
import { Batcher } from './batcher.js';
import { Channels } from './channels.js';
import { Follow } from './follow.js';
import { JournalHand } from './journal-hand.js';
import { Proposals } from './proposals.js';
import { ReplicaHost } from './replica-host.js';
import { replicate } from './replicate.js';
import { Shipper } from './shipper.js';
import { fetchSnapshot } from './snapshot-in.js';
import { SnapshotOut } from './snapshot-out.js';

export interface ReplicationOptions {
  readonly store: Store;
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

export interface Replication extends Disposable {
  readonly host: ReplicaHost;
  readonly hand: JournalHand;
  readonly proposals: Proposals;
  readonly batcher: Batcher;
  readonly shipper: Shipper;
  readonly follow: Follow;
  readonly channels: Channels;
  readonly handlers: Handlers<typeof ReplicationServiceService>;
}

export function openReplication(options: ReplicationOptions): Replication {
  const { store, clock, random, log, times } = options;
  const host = openHost(options);
  const journal = { lastSeq: () => store.positions().lastSeq };
  const proposals = new Proposals();
  const onApplied = (applied: readonly Applied[]): void => {
    const copies = host.replica.standing.configuration?.inSyncIds.length ?? 1;
    proposals.settle(applied, copies, (draft) => store.answerTo(draft));
    options.publish(applied);
  };
  const hand = new JournalHand({ store, host, clock, onApplied });
  const shipper = new Shipper({
    host,
    clock,
    beatMs: times.pingMs,
    journal: { ...journalOf(store), ...journal },
  });
  const onAppended = (): void => shipper.shipAll();
  const batcher = new Batcher({
    host,
    hand,
    clock,
    ...journal,
    lastAtMs: () => store.lastAtMs(),
    onAppended,
  });
  const channels = new Channels({ clock, random });
  const follow = new Follow({
    host,
    hand,
    channels,
    clock,
    random,
    log,
    silenceMs: times.suspicionMs,
    hello: () => helloOf(store, host, options.incarnation),
    restore: (address, signal) => restore(options, host, channels, address, signal),
    onWitness: options.onWitness,
    onHopeless: options.onHopeless,
  });
  const snapshots = new SnapshotOut({ store, clock, random, mustReign: options.mustReign });
  const { clusterId, history } = {
    clusterId: () => store.facts().clusterId ?? '',
    history: () => store.facts().history,
  };
  const handlers = {
    replicate: replicate({ host, shipper, clusterId, history }),
    getFollowerInfo: snapshots.getFollowerInfo,
    getPosts: snapshots.getPosts,
  };
  const cancelBeat = clock.every(times.pingMs, () => {
    host.dispatch({ kind: 'tick' });
    shipper.beat();
    proposals.dropAborted();
  });
  const dispose = (): void => {
    cancelBeat();
    follow[Symbol.dispose]();
    shipper.endAll('moved');
    host[Symbol.dispose]();
    channels[Symbol.dispose]();
    snapshots[Symbol.dispose]();
  };
  return { host, hand, proposals, batcher, shipper, follow, channels, handlers, [Symbol.dispose]: dispose };
}

function openHost({ store, clock, times }: ReplicationOptions): ReplicaHost {
  const { promisedEpoch, configuration } = store.facts();
  const { lastSeq, lastEpoch, appliedSeq } = store.positions();
  const { leaseMs, lagMs, pingMs: beatMs } = times;
  const settings = { ...defaultReplicaTimes, masterId: store.masterId, leaseMs, lagMs, beatMs };
  const found = { promisedEpoch, configuration, lastSeq, lastEpoch, appliedSeq };
  return new ReplicaHost(openReplica(settings, found, clock.nowMs()), viewOf(store), clock);
}

function viewOf(store: Store): JournalView {
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

function journalOf(store: Store) {
  return {
    epochAt: (seq: number) => store.epochAt(seq),
    read: (fromSeq: number, maxBytes: number) => store.read(fromSeq, maxBytes),
  };
}

function helloOf(store: Store, { replica }: ReplicaHost, incarnation: string): ReplicateHello {
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
