// A process: it runs, hangs or is gone; it has a clock of its own rate; what arrives while it hangs is waiting when it goes on.
import type { Line, LineEnd } from './line.js';
import { callOff, isCalledOff, type Scheduled } from './schedule.js';
import type { World } from './world.js';

interface Held {
  readonly kind: 'timer' | 'message';
  readonly run: () => unknown;
}

export class Process {
  readonly name: string;
  readonly world: World;
  up = true;
  paused = false;
  /** Counts the starts: what was begun in an older life never ends in a newer one. */
  life = 1;
  /** Of its monotonic clock. */
  readonly rate: number;
  #held: Held[] = [];

  constructor(world: World, name: string) {
    this.world = world;
    this.name = name;
    this.rate = 1 + (world.draws.next() * 2 - 1) * 0.01;
  }

  get nowMs(): number {
    return this.world.schedule.nowMs * this.rate;
  }

  /** A stream was opened to here; undefined: it is ended. */
  accept(_line: Line, _opening: unknown): LineEnd | undefined {
    return undefined;
  }

  /** Something came in from outside. */
  whenAwake(run: () => void): void {
    if (!this.up) return;
    if (this.paused) this.#held.push({ kind: 'message', run });
    else run();
  }

  /** By its own clock; forgotten with this life. */
  later(ms: number, run: () => void): Scheduled {
    const { life } = this;
    const timer = this.world.schedule.after(ms / this.rate, () => {
      if (life !== this.life || !this.up) return;
      // It may be called off by what is handled before it.
      if (this.paused) this.#held.push({ kind: 'timer', run: () => isCalledOff(timer) || run() });
      else run();
    });
    return timer;
  }

  every(ms: number, run: () => void): { cancel(): void } {
    let next: Scheduled | undefined;
    let over = false;
    const again = (): void => {
      next = this.later(ms, () => {
        if (over) return;
        again();
        run();
      });
    };
    again();
    return {
      cancel: () => {
        over = true;
        if (next !== undefined) callOff(next);
      },
    };
  }

  pause(): void {
    this.paused = true;
  }

  /** Timers first, or what has arrived first: both are seen. */
  resume(): void {
    if (!this.paused) return;
    this.paused = false;
    const held = this.#held;
    this.#held = [];
    if (this.world.draws.chance(0.5)) held.sort((a, b) => rank(a) - rank(b));
    const { life } = this;
    for (const { kind, run } of held) {
      if (life !== this.life || !this.up) return;
      if (this.paused) this.#held.push({ kind, run });
      else run();
    }
  }

  protected end(): void {
    this.up = false;
    this.paused = false;
    this.life++;
    this.#held = [];
  }
}

function rank({ kind }: Held): number {
  return kind === 'timer' ? 0 : 1;
}
