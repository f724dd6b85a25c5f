// Between the wire and the rules: bigint there, number here.
import type * as wire from '@everline/contracts';
import type { Configuration, RouterEvent } from '@everline/protocol/configuration';

export function toWire(configuration: Configuration): wire.Configuration {
  const { version, epoch, ...rest } = configuration;
  return { ...rest, version: BigInt(version), epoch: BigInt(epoch) };
}

export function fromWire(configuration: wire.Configuration): Configuration {
  const { clusterId, availableId, inSyncIds, minInSync, history } = configuration;
  return {
    clusterId,
    availableId,
    inSyncIds,
    minInSync,
    history,
    version: Number(configuration.version),
    epoch: Number(configuration.epoch),
    masters: configuration.masters.map(({ masterId, address }) => ({ masterId, address })),
  };
}

export function pingedFrom(
  request: wire.DualPingRequest,
  streamId: number,
): Extract<RouterEvent, { kind: 'pinged' }> {
  return {
    kind: 'pinged',
    masterId: request.masterId,
    incarnation: request.incarnation,
    streamId,
    epoch: Number(request.epoch),
    lastSeq: Number(request.lastSeq),
    committedSeq: Number(request.committedSeq),
    heardAvailableMsAgo: request.heardAvailableMsAgo,
    availableUnreachable: request.availableUnreachable,
    resignedEpoch: Number(request.resignedEpoch),
    stateHash: request.stateHash,
    stateHashSeq: Number(request.stateHashSeq),
  };
}
