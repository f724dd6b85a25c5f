// What this master says to the router: who it is, where it stands, whom it heard.
import type { AddMasterRequest, DualPingRequest } from '@everline/contracts';
import type { JournalStore } from '../replication/journal-store.js';
import type { Replication } from '../replication/replication.js';
import { configurationMessage } from './router-wire.js';

export interface WordsOptions {
  readonly store: JournalStore;
  readonly replication: Replication;
  readonly address: string;
  readonly incarnation: string;
  readonly software: string;
  readonly nowMs: () => number;
}

export function registrationOf({ store, replication, ...who }: WordsOptions): AddMasterRequest {
  const { clusterId } = store.facts();
  const { lastSeq, lastEpoch, appliedSeq } = store.positions();
  const { configuration, promisedEpoch } = replication.host.replica.standing;
  return {
    masterId: store.masterId,
    address: who.address,
    clusterId: clusterId ?? '',
    incarnation: who.incarnation,
    version: BigInt(configuration?.version ?? 0),
    lastSeq: BigInt(lastSeq),
    lastEpoch: BigInt(lastEpoch),
    committedSeq: BigInt(appliedSeq),
    configuration: configuration && configurationMessage(configuration),
    epoch: BigInt(promisedEpoch),
    software: who.software,
  };
}

export function pingOf(
  { store, replication, incarnation, nowMs }: WordsOptions,
  ping: number,
): DualPingRequest {
  const { host, follow } = replication;
  const { lastSeq, appliedSeq } = store.positions();
  const { role, standing } = host.replica;
  return {
    masterId: store.masterId,
    incarnation,
    epoch: BigInt(standing.promisedEpoch),
    lastSeq: BigInt(lastSeq),
    committedSeq: BigInt(appliedSeq),
    heardAvailableMsAgo: Math.min(Math.round(follow.heardMsAgo(nowMs())), 0xffff_ffff),
    availableUnreachable: follow.unreachable,
    ping: BigInt(ping),
    resignedEpoch: BigInt(role.kind === 'resigned' ? role.epoch : 0),
    stateHash: store.stateHash(),
    stateHashSeq: BigInt(appliedSeq),
  };
}
