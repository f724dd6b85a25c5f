// What the router says reaches the replica through here, and only what concerns this cluster and this history (R9, R10).
import type { Log } from '@everline/chassis';
import type { Configuration, DualPingResponse } from '@everline/contracts';
import { hopeless } from '../errors.js';
import type { JournalStore } from '../replication/journal-store.js';
import type { ReplicaHost } from '../replication/replica-host.js';
import { admission } from './admission.js';
import { configurationOf } from './router-wire.js';

export interface LearningOptions {
  readonly store: JournalStore;
  readonly host: ReplicaHost;
  readonly log: Log;
  readonly onHopeless: (error: Error) => void;
  /** R10: what is here was given up. */
  readonly onGivenUp: (history: number) => void;
}

export class Learning {
  readonly #options: LearningOptions;
  #over = false;

  constructor(options: LearningOptions) {
    this.#options = options;
  }

  answer({ configuration, endedEpochs, reapedEpochs, resignToMasterId }: DualPingResponse): void {
    const { host } = this.#options;
    const ended = endedEpochs.map(Number);
    if (configuration !== undefined) void this.learn(configuration, ended, reapedEpochs.map(Number));
    else if (ended.length > 0)
      host.dispatch({ kind: 'learned', configuration: undefined, endedEpochs: ended });
    if (resignToMasterId !== '') host.dispatch({ kind: 'resign' });
  }

  /** Without an await on the usual way: a failover waits for this. A cluster's id and history are kept before anything of it is followed. */
  async learn(
    message: Configuration,
    endedEpochs: readonly number[] = [],
    reapedEpochs: readonly number[] = [],
  ): Promise<void> {
    if (this.#over) return;
    const { store, host, onHopeless, onGivenUp } = this.#options;
    const configuration = configurationOf(message);
    const { clusterId, history } = store.facts();
    switch (admission({ masterId: store.masterId, clusterId, history }, configuration)) {
      case 'ignore':
        return;
      case 'foreign':
        this.#over = true;
        onHopeless(
          hopeless(
            `the router's cluster is ${configuration.clusterId}, that of this data directory is ${clusterId}`,
          ),
        );
        return;
      case 'renew':
        this.#over = true;
        onGivenUp(configuration.history);
        return;
      case 'adopt':
        await store.keep({ clusterId: configuration.clusterId, history: configuration.history });
        break;
      case 'follow':
        break;
    }
    host.dispatch({ kind: 'learned', configuration, endedEpochs, reapedEpochs });
  }
}
