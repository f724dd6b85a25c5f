import type { StoredFacts } from '@everline/contracts';
import type { Configuration } from '@everline/protocol';
import { format } from './facts-file.js';
import type { Facts } from './store.js';

/** What the facts file holds besides the facts. */
export interface Home {
  readonly masterId: string;
  /** Names the folder in use. 0: none is whole yet. */
  readonly generation: number;
}

export function toStored({ masterId, generation }: Home, facts: Facts): StoredFacts {
  return {
    format,
    masterId,
    generation,
    clusterId: facts.clusterId ?? '',
    history: facts.history,
    promisedEpoch: BigInt(facts.promisedEpoch),
    configuration: facts.configuration && {
      ...facts.configuration,
      version: BigInt(facts.configuration.version),
      epoch: BigInt(facts.configuration.epoch),
    },
  };
}

export function fromStored(stored: StoredFacts): Facts {
  return {
    history: stored.history,
    promisedEpoch: Number(stored.promisedEpoch),
    ...(stored.clusterId === '' ? {} : { clusterId: stored.clusterId }),
    ...(stored.configuration === undefined ? {} : { configuration: configurationOf(stored.configuration) }),
  };
}

function configurationOf(stored: NonNullable<StoredFacts['configuration']>): Configuration {
  const { clusterId, version, epoch, availableId, inSyncIds, masters, minInSync, history } = stored;
  return {
    clusterId,
    version: Number(version),
    epoch: Number(epoch),
    availableId,
    inSyncIds,
    masters: masters.map(({ masterId, address }) => ({ masterId, address })),
    minInSync,
    history,
  };
}
