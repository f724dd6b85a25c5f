import type { Configuration } from '../configuration/configuration.js';
import { anyEpoch, type Grant, type Replica } from './replica.js';
import type { ReplicaSettings } from './settings.js';

/** What a master finds on its disk when it starts. */
export interface Found {
  readonly promisedEpoch: number;
  readonly configuration: Configuration | undefined;
  readonly lastSeq: number;
  readonly lastEpoch: number;
  readonly appliedSeq: number;
}

/** A replica as it is after a start: it knows what is on disk, and that it may have promised things it has forgotten. */
export function openReplica(settings: ReplicaSettings, found: Found, nowMs: number): Replica {
  const { configuration, lastSeq, appliedSeq } = found;
  const promisedEpoch = Math.max(found.promisedEpoch, found.lastEpoch, configuration?.epoch ?? 0);
  // M9: it may have granted a lease just before the start. An empty directory never granted one.
  const grants: readonly Grant[] = promisedEpoch === 0 ? [] : [{ epoch: anyEpoch, atMs: nowMs }];
  return {
    settings,
    standing: {
      configuration,
      promisedEpoch,
      durableEpoch: promisedEpoch, // each of the three is on disk
      barredEpoch: promisedEpoch,
      flushedSeq: lastSeq,
      committedSeq: appliedSeq,
      appliedSeq,
      generation: 0,
      endedEpochs: [],
      grants,
    },
    role: configuration === undefined ? { kind: 'fresh' } : { kind: 'following', source: undefined },
  };
}
