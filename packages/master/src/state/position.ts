import type { StoredPosition } from '@everline/contracts';
import { add, hashRecord, hex } from '../store/records/record-hash.js';
import { seqKey } from './keys.js';

/** Of a state: the sum over its records, and what it knows of time. Equal at every master that has applied the same entries. */
export function hashOf({
  atMs,
  forgottenMs,
  hashHigh,
  hashLow,
}: Pick<StoredPosition, 'atMs' | 'forgottenMs' | 'hashHigh' | 'hashLow'>): string {
  const times = Buffer.concat([seqKey(Number(atMs)), seqKey(Number(forgottenMs))]);
  return hex(add({ high: hashHigh, low: hashLow }, hashRecord(0, times, nothing)));
}

const nothing = new Uint8Array(0);
