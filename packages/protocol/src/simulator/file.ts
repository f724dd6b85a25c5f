// A file on a disk: writes go one after the other, take their time, and are there when they are flushed. A crash keeps some of what was
// under way.
import type { Process } from './process.js';

export interface Write {
  /** Brings it to the disk; `part` of it when a crash comes in between (1: all). */
  readonly land: (part: number) => void;
  readonly done: () => void;
}

/** What is the matter with a disk. */
export interface Health {
  slowMs: number;
  full: boolean;
  failing: boolean;
}

export class File {
  readonly #owner: Process;
  readonly #health: Health;
  readonly #onFailed: (write: Write) => void;
  #line: Write[] = [];
  #busy = false;

  constructor(owner: Process, health: Health, onFailed: (write: Write) => void) {
    this.#owner = owner;
    this.#health = health;
    this.#onFailed = onFailed;
  }

  get busy(): boolean {
    return this.#busy;
  }

  write(write: Write): void {
    this.#line.push(write);
    if (!this.#busy) this.#next();
  }

  /** Whatever was handed over may be there, from the first on; the last of that perhaps in part. */
  crash(): void {
    const { draws } = this.#owner.world;
    const line = this.#line;
    this.#line = [];
    this.#busy = false;
    for (const write of line) {
      if (draws.chance(0.5)) {
        write.land(draws.next());
        return;
      }
      write.land(1);
    }
  }

  #next(): void {
    const [write] = this.#line;
    this.#busy = write !== undefined;
    if (write === undefined) return;
    this.#owner.later(this.#durationMs(), () => {
      this.#line.shift();
      if (this.#health.failing) {
        this.#line = []; // nothing is written after a failure
        return this.#onFailed(write);
      }
      write.land(1);
      this.#next();
      write.done();
    });
  }

  #durationMs(): number {
    const { draws } = this.#owner.world;
    const usual = draws.chance(0.97) ? 0.1 + draws.next() * 1.5 : draws.between(2, 30);
    return usual + (this.#health.slowMs > 0 ? draws.next() * this.#health.slowMs : 0);
  }
}
