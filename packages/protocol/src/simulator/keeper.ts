// The router's file: written whole, one write after the other, tried again until it is flushed (R1). A crash leaves the old or the new.
import { type Durable, nothingDurable } from '../configuration/index.js';
import type { Process } from './process.js';
import { callOff, type Scheduled } from './schedule.js';

const soonMs = 1000;
const firstRetryMs = 20;
const longestRetryMs = 1000;

interface Writing {
  readonly durable: Durable;
  readonly done: () => void;
}

export class Keeper {
  /** What is on the disk. */
  file: Durable = nothingDurable;
  /** Another one was put in its place, and nothing has been decided since. */
  isOld = false;
  /** Copies of it that somebody has made. */
  readonly backups: Durable[] = [];
  slowMs = 0;
  failing = false;
  readonly #owner: Process;
  #line: Writing[] = [];
  #soon: { durable: Durable; wait: Scheduled } | undefined;

  constructor(owner: Process) {
    this.#owner = owner;
  }

  keep(durable: Durable, done: () => void): void {
    this.#forgetSoon();
    this.#line.push({ durable, done });
    if (this.#line.length === 1) this.#write(firstRetryMs);
  }

  /** Nothing that is told depends on it. */
  keepSoon(durable: Durable): void {
    const waiting = this.#soon;
    if (waiting !== undefined) waiting.durable = durable;
    else {
      const wait = this.#owner.later(soonMs, () => {
        const now = this.#soon;
        if (now !== undefined) this.keep(now.durable, () => {});
      });
      this.#soon = { durable, wait };
    }
  }

  /** Another file takes its place while nothing runs. */
  restore(durable: Durable): void {
    this.file = durable;
    this.isOld = true;
  }

  crash(): void {
    const [first] = this.#line;
    if (first !== undefined && this.#owner.world.draws.chance(0.5)) this.#land(first.durable);
    this.#line = [];
    this.#soon = undefined;
  }

  #forgetSoon(): void {
    if (this.#soon !== undefined) callOff(this.#soon.wait);
    this.#soon = undefined;
  }

  #write(retryMs: number): void {
    const [first] = this.#line;
    if (first === undefined) return;
    const { draws } = this.#owner.world;
    const ms = 0.2 + draws.next() * 2 + (this.slowMs > 0 ? draws.next() * this.slowMs : 0);
    this.#owner.later(ms, () => {
      if (this.failing) {
        // The outcome is unknown: it may be there all the same.
        this.#owner.world.counters.count('unknown outcomes');
        if (draws.chance(0.5)) this.#land(first.durable);
        this.#owner.later(retryMs, () => this.#write(Math.min(2 * retryMs, longestRetryMs)));
        return;
      }
      this.#land(first.durable);
      this.#line.shift();
      this.#write(firstRetryMs);
      first.done();
    });
  }

  #land(durable: Durable): void {
    const before = this.file;
    this.file = durable;
    if (before.configuration !== durable.configuration) {
      this.backups.push(durable);
      this.isOld = false;
    }
    this.#owner.world.oracle.configures(before, durable);
  }
}
