import { CLUSTER_HEADER } from '@everline/contracts';
import { Metadata } from '@grpc/grpc-js';

/**
 * The cluster of this client: the first that a router told of. Addresses are used again; whoever answers there for another cluster is not listened to, and
 * a master is told with every call for which cluster it is meant, so that no other one takes it.
 */
export class Home {
  /** For every call to a master. */
  readonly metadata = new Metadata();
  #clusterId = '';

  /** False: of another cluster. Empty: it does not say. */
  admits(clusterId: string): boolean {
    if (clusterId === '') return true;
    if (this.#clusterId === '') {
      this.#clusterId = clusterId;
      this.metadata.set(CLUSTER_HEADER, clusterId);
    }
    return this.#clusterId === clusterId;
  }

  /** What is wrong with a router of another cluster, in a phrase. */
  foreign(clusterId: string): string {
    return `serves cluster ${clusterId}, not ${this.#clusterId} as before`;
  }
}
