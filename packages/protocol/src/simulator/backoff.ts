import type { Draws } from './draws.js';

/** First at once, then 10 ms doubling to 500 ms, full jitter (C5). */
export class Backoff {
  readonly #draws: Draws;
  #attempts = 0;

  constructor(draws: Draws) {
    this.#draws = draws;
  }

  nextMs(): number {
    const nth = this.#attempts++;
    return nth === 0 ? 0 : this.#draws.next() * Math.min(500, 10 * 2 ** (nth - 1));
  }

  reset(): void {
    this.#attempts = 0;
  }
}
