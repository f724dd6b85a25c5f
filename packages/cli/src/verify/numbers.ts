/** Which of the numbers from 1 to `last` were there: a bit for each. */
export class Numbers {
  private readonly last: number;
  private readonly bits: Uint8Array;

  constructor(last: number) {
    this.last = last;
    this.bits = new Uint8Array((last >> 3) + 1);
  }

  /** False: it was there before, or it is none of these. */
  add(number: number): boolean {
    if (!(number >= 1 && number <= this.last) || this.has(number)) return false;
    this.bits[number >> 3] = (this.bits[number >> 3] ?? 0) | (1 << (number & 7));
    return true;
  }

  *missing(): Generator<number> {
    for (let number = 1; number <= this.last; number += 1) if (!this.has(number)) yield number;
  }

  private has(number: number): boolean {
    return ((this.bits[number >> 3] ?? 0) & (1 << (number & 7))) !== 0;
  }
}
