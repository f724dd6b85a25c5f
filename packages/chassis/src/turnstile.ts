import type { Clock } from './clock.js';

/** A turn of the loop that takes longer has too many newcomers in it. */
const longTurnMs = 10;
const firstAllowed = 2;
const mostAllowed = 64;

/**
 * Lets newcomers in a few at a time, fewer when the turns of the loop grow long with them, so that those who are in are served while thousands
 * come at once. What each of them costs is known only when it is in.
 */
export class Turnstile {
  readonly #clock: Clock;
  #waiting: (() => void)[] = [];
  #allowed = firstAllowed;
  #passed = 0;
  #turnFromMs = 0;
  #armed = false;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Calls `enter` when it is this newcomer's turn: at once when few come. It must not throw. */
  pass(enter: () => void): void {
    if (this.#waiting.length > 0 || this.#passed >= this.#allowed) this.#waiting.push(enter);
    else {
      this.#passed++;
      enter();
    }
    if (!this.#armed) this.#turnFromMs = this.#clock.nowMs();
    this.#arm();
  }

  #arm(): void {
    if (this.#armed) return;
    this.#armed = true;
    this.#clock.soon(() => this.#turn());
  }

  #turn(): void {
    this.#armed = false;
    const nowMs = this.#clock.nowMs();
    const long = nowMs - this.#turnFromMs > longTurnMs;
    this.#turnFromMs = nowMs;
    if (this.#waiting.length === 0) {
      this.#allowed = firstAllowed;
      this.#passed = 0;
      return;
    }
    this.#allowed = long ? Math.max(1, this.#allowed >> 1) : Math.min(mostAllowed, this.#allowed * 2);
    const entering = this.#waiting.splice(0, this.#allowed);
    this.#passed = entering.length;
    this.#arm();
    for (const enter of entering) enter();
  }
}
