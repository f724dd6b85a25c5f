// A stream between two processes: in order, without gaps, until it breaks. A cut holds it up; it ends when somebody ends it.
import type { Process } from './process.js';
import type { World } from './world.js';

export type Why = 'refused' | 'broken' | 'ended';

/** What one end does with what arrives. */
export interface LineEnd {
  onMessage(message: unknown): void;
  onClosed(why: Why, reason: unknown): void;
}

interface Pending {
  readonly atMs: number;
  readonly message: unknown;
  readonly close?: { readonly why: Why; readonly reason: unknown };
}

interface Side {
  readonly process: Process;
  life: number;
  end: LineEnd | undefined;
  /** On its way to this side. */
  readonly coming: Pending[];
  pumping: boolean;
  open: boolean;
}

export class Line {
  readonly #world: World;
  readonly #sides: readonly [Side, Side];

  constructor(world: World, from: Process, to: Process, opener: LineEnd) {
    this.#world = world;
    const side = (process: Process, end: LineEnd | undefined): Side => ({
      process,
      life: process.life,
      end,
      coming: [],
      pumping: false,
      open: true,
    });
    this.#sides = [side(from, opener), side(to, undefined)];
    world.network.lines.add(this);
  }

  /** Of the side that opened it (0), or the other (1). */
  isOpen(side: 0 | 1): boolean {
    return this.#sides[side].open;
  }

  touches(process: Process): boolean {
    return this.#sides.some((side) => side.process === process);
  }

  send(from: 0 | 1, message: unknown): void {
    if (this.#sides[from].open) this.#carry(from, { atMs: 0, message });
  }

  /** What was sent before still arrives; then the other side hears of the end. */
  close(from: 0 | 1, why: Why = 'ended', reason: unknown = undefined): void {
    const side = this.#sides[from];
    if (!side.open) return;
    side.open = false;
    side.end = undefined;
    this.#carry(from, { atMs: 0, message: undefined, close: { why, reason } });
    this.#forget();
  }

  /** Torn in the middle: both hear of it, each in its time, and what was on its way is lost. */
  breakOff(): void {
    for (const side of [0, 1] as const) {
      const there = this.#sides[side];
      there.coming.length = 0;
      this.#carry((1 - side) as 0 | 1, { atMs: 0, message: undefined, close: { why: 'broken', reason: '' } });
    }
  }

  /** A process is gone: its machine says so to the other side. */
  dies(process: Process): void {
    for (const at of [0, 1] as const) if (this.#sides[at].process === process) this.close(at, 'broken');
  }

  /** A machine lost its power: it says nothing any more. */
  silence(process: Process): void {
    for (const side of this.#sides) {
      if (side.process !== process) continue;
      side.open = false;
      side.end = undefined;
    }
    this.#forget();
  }

  #carry(from: 0 | 1, { message, close }: Pending): void {
    const to = this.#sides[1 - from] as Side;
    if (!to.open) return;
    const { network, schedule } = this.#world;
    const atMs = Math.max(to.coming.at(-1)?.atMs ?? 0, schedule.nowMs + network.latencyMs('stream'));
    to.coming.push(close === undefined ? { atMs, message } : { atMs, message, close });
    if (!to.pumping) this.#pump(from, atMs - schedule.nowMs);
  }

  #pump(from: 0 | 1, ms: number): void {
    const to = this.#sides[1 - from] as Side;
    const here = this.#sides[from];
    to.pumping = true;
    this.#world.schedule.after(ms, () => {
      to.pumping = false;
      const [first] = to.coming;
      if (first === undefined || !to.open) return;
      const { network, schedule, draws } = this.#world;
      if (network.isCut(here.process, to.process)) return this.#pump(from, draws.between(40, 250)); // sent again
      if (first.atMs > schedule.nowMs) return this.#pump(from, first.atMs - schedule.nowMs);
      to.coming.shift();
      this.#arrive((1 - from) as 0 | 1, first);
      const [next] = to.coming;
      if (next !== undefined && !to.pumping) this.#pump(from, Math.max(0, next.atMs - schedule.nowMs));
    });
  }

  #arrive(at: 0 | 1, { message, close }: Pending): void {
    const side = this.#sides[at];
    const { process } = side;
    if (!process.up || (side.end !== undefined && side.life !== process.life)) {
      const why = at === 1 && side.end === undefined ? 'refused' : 'broken';
      side.open = false;
      if (close === undefined) this.#carry(at, { atMs: 0, message: undefined, close: { why, reason: '' } });
      this.#forget();
      return;
    }
    if (side.end === undefined) side.life = process.life;
    const { life } = process;
    process.whenAwake(() => {
      if (!side.open || life !== side.life) return;
      if (close !== undefined) this.#closed(side, close.why, close.reason);
      else this.#take(side, at, message);
    });
  }

  #take(side: Side, at: 0 | 1, message: unknown): void {
    if (side.end === undefined) {
      side.end = side.process.accept(this, message);
      if (side.end === undefined) this.close(at);
      return;
    }
    side.end.onMessage(message);
  }

  #closed(side: Side, why: Why, reason: unknown): void {
    const { end } = side;
    side.open = false;
    side.end = undefined;
    this.#forget();
    end?.onClosed(why, reason);
  }

  #forget(): void {
    if (!this.#sides[0].open && !this.#sides[1].open) this.#world.network.lines.delete(this);
  }
}
