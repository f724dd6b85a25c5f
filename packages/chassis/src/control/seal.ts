/**
 * Every local user can reach an abstract socket, and can bind its name while it is free. So both ends prove that they can read the key in the data directory,
 * without sending it: before that nobody is obeyed, and nobody's word about its pid is believed.
 */
import { createHmac, timingSafeEqual } from 'node:crypto';

export type Side = 'client' | 'server';

/** What `side` sends back for the other's nonce. */
export function prove(key: string, side: Side, nonce: string): string {
  return createHmac('sha256', key).update(`${side}:${nonce}`).digest('hex');
}

export function isProof(key: string, side: Side, nonce: string, proof: unknown): boolean {
  if (typeof proof !== 'string') return false;
  const expected = Buffer.from(prove(key, side, nonce));
  const given = Buffer.from(proof);
  return expected.length === given.length && timingSafeEqual(expected, given);
}
