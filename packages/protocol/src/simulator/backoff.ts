import { type Chance, retryPauseMs } from '../caller/index.js';

/** First at once, then with growing pauses (C5): masters among each other, too. */
export class Backoff {
  readonly #chance: Chance;
  #attempts = 0;

  constructor(chance: Chance) {
    this.#chance = chance;
  }

  nextMs(): number {
    return retryPauseMs(this.#attempts++, this.#chance);
  }

  reset(): void {
    this.#attempts = 0;
  }
}
