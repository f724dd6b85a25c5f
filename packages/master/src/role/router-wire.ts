// The router's messages as what the replica knows, and back. Numbers inside, bigints on the wire.
import type { Configuration as Message } from '@everline/contracts';
import type { Configuration } from '@everline/protocol';

export function configurationOf(message: Message): Configuration {
  return {
    clusterId: message.clusterId,
    version: Number(message.version),
    epoch: Number(message.epoch),
    availableId: message.availableId,
    inSyncIds: message.inSyncIds,
    masters: message.masters,
    minInSync: message.minInSync,
    history: message.history,
  };
}

export function configurationMessage(configuration: Configuration): Message {
  return {
    ...configuration,
    version: BigInt(configuration.version),
    epoch: BigInt(configuration.epoch),
  };
}
