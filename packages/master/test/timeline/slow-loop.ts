import type { Clock } from '@everline/chassis';

/** A loop whose turns are made one by one, with a time that passes only when told. */
export class SlowLoop {
  nowMs = 0;
  turns = 0;
  #soon: (() => void)[] = [];
  #timers: { atMs: number; readonly fn: () => void }[] = [];

  readonly clock: Clock = {
    nowMs: () => this.nowMs,
    wallMs: () => this.nowMs,
    after: (ms, fn) => {
      const timer = { atMs: this.nowMs + ms, fn };
      this.#timers.push(timer);
      return () => {
        this.#timers = this.#timers.filter((other) => other !== timer);
      };
    },
    every: () => {
      throw new Error('nobody asks for this here');
    },
    sleep: () => Promise.reject(new Error('nobody asks for this here')),
    soon: (fn) => void this.#soon.push(fn),
  };

  /** What is due, what was to come soon, then the promises that settled. */
  async turn(): Promise<void> {
    this.turns++;
    const due = this.#timers.filter(({ atMs }) => atMs <= this.nowMs);
    this.#timers = this.#timers.filter((timer) => !due.includes(timer));
    for (const { fn } of due) fn();
    for (const fn of this.#soon.splice(0)) fn();
    await new Promise((resolve) => setImmediate(resolve));
  }

  get idle(): boolean {
    return this.#soon.length === 0;
  }
}
