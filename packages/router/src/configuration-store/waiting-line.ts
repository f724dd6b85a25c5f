import type { Tenure } from './port.js';

/** Who decides on a store within this process: one at a time, in the order of asking. */
export class WaitingLine {
  private holder: object | undefined;
  private readonly waiting: Array<() => void> = [];

  /** @throws the signal's reason when it aborts first */
  async acquire(signal: AbortSignal): Promise<Tenure> {
    signal.throwIfAborted();
    if (this.holder !== undefined) await this.turn(signal);
    const ticket = {};
    this.holder = ticket;
    const lost = new AbortController();
    return {
      lost: lost.signal,
      [Symbol.asyncDispose]: async () => {
        if (this.holder !== ticket) return;
        this.holder = undefined;
        this.waiting.shift()?.();
      },
    };
  }

  private turn(signal: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      const called = (): void => {
        signal.removeEventListener('abort', leave);
        resolve();
      };
      const leave = (): void => {
        this.waiting.splice(this.waiting.indexOf(called), 1);
        reject(signal.reason);
      };
      this.waiting.push(called);
      signal.addEventListener('abort', leave, { once: true });
    });
  }
}
