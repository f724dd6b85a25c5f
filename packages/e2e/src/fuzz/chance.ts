import { randomInt } from 'node:crypto';

/** The same sequence for the same seed: a run that finds something is run again with `FUZZ_SEED`. */
export class Chance {
  readonly seed: number;
  private state: number;

  constructor(seed = Number(process.env.FUZZ_SEED ?? randomInt(2 ** 31))) {
    this.seed = seed;
    this.state = seed >>> 0;
  }

  /** Even over [0, 1): SplitMix32. */
  next(): number {
    this.state = (this.state + 0x9e3779b9) >>> 0;
    let mixed = this.state ^ (this.state >>> 16);
    mixed = Math.imul(mixed, 0x21f0aaad);
    mixed ^= mixed >>> 15;
    mixed = Math.imul(mixed, 0x735a2d97);
    return ((mixed ^ (mixed >>> 15)) >>> 0) / 2 ** 32;
  }

  below(bound: number): number {
    return Math.floor(this.next() * bound);
  }

  /** So many times in a hundred. */
  percent(percent: number): boolean {
    return this.next() * 100 < percent;
  }

  pick<T>(from: readonly T[]): T {
    const found = from[this.below(from.length)];
    if (found === undefined) throw new Error('there is nothing to pick from');
    return found;
  }

  bytes(length: number): Buffer {
    return Buffer.from(Array.from({ length }, () => this.below(256)));
  }
}

/** How long one kind of input is tried: seconds in the tests, minutes with `pnpm fuzz --minutes`. */
export function fuzzMs(usualSeconds: number): number {
  return Number(process.env.FUZZ_SECONDS ?? usualSeconds) * 1_000;
}
