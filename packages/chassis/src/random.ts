/**
 * The only file that asks the machine for chance. What takes a `Random` can be run again from a seed.
 */
import { randomUUID } from 'node:crypto';

export interface Random {
  /** Even over [0, 1). */
  next(): number;
  /** A UUID of version 4. */
  uuid(): string;
  /** A UUID of version 7: its first 48 bits are `wallMs`. Ids of one millisecond are in no order. */
  uuidv7(wallMs: number): string;
}

export const systemRandom: Random = {
  next: () => Math.random(),
  uuid: () => randomUUID(),
  uuidv7: (wallMs) => withTime(randomUUID(), wallMs),
};

/** The same sequence for the same seed, on every machine. Not for secrets. */
export function seededRandom(seed: number): Random {
  const word = splitMix(seed);
  const uuid = (): string => {
    const hex = Array.from({ length: 4 }, () => word().toString(16).padStart(8, '0')).join('');
    const variant = ((Number.parseInt(hex.charAt(16), 16) & 3) | 8).toString(16);
    const groups = [
      hex.slice(0, 8),
      hex.slice(8, 12),
      `4${hex.slice(13, 16)}`,
      `${variant}${hex.slice(17, 20)}`,
    ];
    return `${groups.join('-')}-${hex.slice(20)}`;
  };
  return {
    next: () => word() / 2 ** 32,
    uuid,
    uuidv7: (wallMs) => withTime(uuid(), wallMs),
  };
}

/** RFC 9562, 5.7: a version 4 UUID with the time laid over its first 48 bits, and the version changed. */
function withTime(uuid: string, wallMs: number): string {
  const hex = Math.trunc(wallMs).toString(16).padStart(12, '0');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-7${uuid.slice(15)}`;
}

/** SplitMix32: 32 even bits a call. */
function splitMix(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x9e3779b9) >>> 0;
    let mixed = state ^ (state >>> 16);
    mixed = Math.imul(mixed, 0x21f0aaad);
    mixed ^= mixed >>> 15;
    mixed = Math.imul(mixed, 0x735a2d97);
    return (mixed ^ (mixed >>> 15)) >>> 0;
  };
}
