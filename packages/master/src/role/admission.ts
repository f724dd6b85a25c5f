// R9, R10: whose configurations this master follows. A cluster has an id; a history that was given up does not come back.
import type { Configuration } from '@everline/protocol';

export interface Belonging {
  readonly masterId: string;
  /** Undefined while it belongs to no cluster. */
  readonly clusterId: string | undefined;
  /** 0 while it holds nothing of any. */
  readonly history: number;
}

/**
 * `follow`: as ever. `adopt`: it begins here, or a person gave it the role in a new history: keep the cluster's id and history first.
 * `renew`: what it has was given up, it begins anew with another id. `ignore`: of a history that was given up. `foreign`: of another cluster.
 */
export type Admission = 'follow' | 'adopt' | 'renew' | 'ignore' | 'foreign';

export function admission(own: Belonging, { clusterId, history, availableId }: Configuration): Admission {
  if (own.clusterId !== undefined && own.clusterId !== clusterId) return 'foreign'; // R9
  if (history < own.history) return 'ignore';
  if (own.clusterId === undefined || own.history === 0) return 'adopt';
  if (history === own.history) return 'follow';
  return availableId === own.masterId ? 'adopt' : 'renew'; // R10
}
