// Many that have something to do at once take turns, so that nobody who uses the loop besides waits for all of them.
import type { Clock } from '@everline/chassis';

/** Of one turn of the loop. What was begun is finished, so it may be one piece longer. */
const turnMs = 4;

/** Does what it is given in the order in which it was given: at once while there is time in this turn of the loop, else in one of the next. */
export class Turns {
  readonly #clock: Clock;
  #waiting: (() => void)[] = [];
  #first = 0;
  #spentMs = 0;
  #armed = false;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Pieces that wait for their turn. */
  get waiting(): number {
    return this.#waiting.length - this.#first;
  }

  /** @param piece must not throw, and asks for another turn when there is more to do */
  take(piece: () => void): void {
    if (this.waiting > 0 || this.#spentMs >= turnMs) this.#waiting.push(piece);
    else this.#do(piece);
    this.#arm();
  }

  /** As `take`, but never within this call. */
  later(piece: () => void): void {
    this.#waiting.push(piece);
    this.#arm();
  }

  /** What `piece` does before it waits for anything has its turn. */
  run<T>(piece: () => Promise<T>): Promise<T> {
    return new Promise((resolve, reject) => this.take(() => void piece().then(resolve, reject)));
  }

  #do(piece: () => void): void {
    const fromMs = this.#clock.nowMs();
    piece();
    this.#spentMs += this.#clock.nowMs() - fromMs;
  }

  #arm(): void {
    if (this.#armed) return;
    this.#armed = true;
    this.#clock.soon(() => this.#turn());
  }

  #turn(): void {
    this.#armed = false;
    this.#spentMs = 0;
    while (this.#spentMs < turnMs) {
      const piece = this.#waiting[this.#first++];
      if (piece === undefined) break;
      this.#do(piece);
    }
    if (this.#first >= this.#waiting.length) {
      this.#waiting = [];
      this.#first = 0;
    } else if (this.#first >= mostDone) {
      this.#waiting = this.#waiting.slice(this.#first);
      this.#first = 0;
    }
    if (this.waiting > 0) this.#arm();
  }
}

/** Pieces that are done and still listed, at most. */
const mostDone = 1_024;
