// A 64-bit hash of one record. The hash of a state is the sum of those of its records, so it does not depend on any order.

export interface Sum {
  readonly high: number;
  readonly low: number;
}

export const zero: Sum = { high: 0, low: 0 };

/** Two 32-bit lanes (MurmurHash3's mixing, each lane with constants of its own) over table, key and value. */
export function hashRecord(tableByte: number, key: Uint8Array, value: Uint8Array): Sum {
  let high = (0x9747b28c ^ tableByte) | 0;
  let low = (0x2f0b4c47 ^ Math.imul(tableByte, 0x01000193)) | 0;
  for (const bytes of [key, value]) {
    const whole = bytes.length & ~3;
    for (let i = 0; i < whole; i += 4) {
      const word =
        (bytes[i] as number) |
        ((bytes[i + 1] as number) << 8) |
        ((bytes[i + 2] as number) << 16) |
        ((bytes[i + 3] as number) << 24);
      high = mixHigh(high, word);
      low = mixLow(low, word);
    }
    let rest = bytes.length << 24; // so that a byte cannot move from key to value
    for (let i = whole; i < bytes.length; i++) rest |= (bytes[i] as number) << ((i - whole) * 8);
    high = mixHigh(high, rest);
    low = mixLow(low, rest ^ bytes.length);
  }
  return { high: finish(high), low: finish(low) };
}

/** Modulo 2^32 in each lane. */
export function add(sum: Sum, one: Sum): Sum {
  return { high: (sum.high + one.high) >>> 0, low: (sum.low + one.low) >>> 0 };
}

export function subtract(sum: Sum, one: Sum): Sum {
  return { high: (sum.high - one.high) >>> 0, low: (sum.low - one.low) >>> 0 };
}

export function hex({ high, low }: Sum): string {
  return high.toString(16).padStart(8, '0') + low.toString(16).padStart(8, '0');
}

function mixHigh(hash: number, word: number): number {
  const k = Math.imul(word, 0xcc9e2d51);
  const mixed = hash ^ Math.imul((k << 15) | (k >>> 17), 0x1b873593);
  return (Math.imul((mixed << 13) | (mixed >>> 19), 5) + 0xe6546b64) | 0;
}

function mixLow(hash: number, word: number): number {
  const k = Math.imul(word, 0x239b961b);
  const mixed = hash ^ Math.imul((k << 16) | (k >>> 16), 0xab0e9789);
  return (Math.imul((mixed << 19) | (mixed >>> 13), 5) + 0x561ccd1b) | 0;
}

function finish(hash: number): number {
  let mixed = hash ^ (hash >>> 16);
  mixed = Math.imul(mixed, 0x85ebca6b);
  mixed ^= mixed >>> 13;
  mixed = Math.imul(mixed, 0xc2b2ae35);
  return (mixed ^ (mixed >>> 16)) >>> 0;
}
