// Between the processes: late, lost, twice, out of order, cut in one direction or both. Streams keep their order; calls do not.
import { Line, type LineEnd } from './line.js';
import type { Process } from './process.js';
import type { World } from './world.js';

export type Failure = 'refused' | 'lost' | 'late';

export class Network {
  readonly lines = new Set<Line>();
  readonly cuts = new Map<string, number>();
  /** Of what is sent. */
  loss = 0;
  slowMs = 0;
  /** Calls come late, and more than once. */
  stammers = 0;
  calm = false;
  readonly #world: World;

  constructor(world: World) {
    this.#world = world;
  }

  cut(from: string, to: string): void {
    const way = `${from}>${to}`;
    this.cuts.set(way, (this.cuts.get(way) ?? 0) + 1);
  }

  mend(from: string, to: string): void {
    const way = `${from}>${to}`;
    const left = (this.cuts.get(way) ?? 1) - 1;
    if (left === 0) this.cuts.delete(way);
    else this.cuts.set(way, left);
  }

  isCut(from: Process, to: Process): boolean {
    return this.cuts.size > 0 && this.cuts.has(`${from.name}>${to.name}`);
  }

  latencyMs(kind: 'stream' | 'call'): number {
    const { draws } = this.#world;
    let ms = 0.1 + draws.next() * 2 + this.slowMs;
    if (this.calm) return ms;
    if (this.loss > 0 && draws.chance(this.loss)) ms += draws.between(40, 250);
    if (this.stammers > 0 && kind === 'call' && draws.chance(0.6)) ms += draws.between(10, 250);
    if (draws.chance(0.02)) ms += draws.between(1, kind === 'stream' || draws.chance(0.9) ? 100 : 1500);
    return ms;
  }

  open(from: Process, to: Process, hello: unknown, end: LineEnd): Line {
    const line = new Line(this.#world, from, to, end);
    line.send(0, hello);
    return line;
  }

  /** One question, one answer, or none. `ask` runs at `to`, perhaps twice. */
  call<A>(
    from: Process,
    to: Process,
    deadlineMs: number,
    ask: (reply: (answer: A) => void) => void,
    done: (answer: A | undefined, failure: Failure | undefined) => void,
  ): void {
    if (!this.calm && this.#world.draws.chance(this.stammers > 0 ? 0.5 : 0.02))
      this.#post(from, to, () => to.whenAwake(() => ask(() => {})));
    this.callOnce(from, to, deadlineMs, ask, done);
  }

  /** As a connection carries it: nothing comes twice. */
  callOnce<A>(
    from: Process,
    to: Process,
    deadlineMs: number,
    ask: (reply: (answer: A) => void) => void,
    done: (answer: A | undefined, failure: Failure | undefined) => void,
  ): void {
    let open = true;
    const finish = (answer: A | undefined, failure: Failure | undefined): void => {
      if (!open) return;
      open = false;
      done(answer, failure);
    };
    const { life } = from;
    const back = (answer: A | undefined, failure: Failure | undefined): void =>
      this.#post(to, from, () => from.life === life && from.whenAwake(() => finish(answer, failure)));
    this.#post(from, to, () => {
      if (!to.up) return back(undefined, 'refused');
      to.whenAwake(() => ask((answer) => back(answer, undefined)));
    });
    from.later(deadlineMs, () => finish(undefined, 'late'));
  }

  #post(from: Process, to: Process, deliver: () => void): void {
    const { schedule, draws } = this.#world;
    if (this.isCut(from, to)) return;
    if (!this.calm && this.loss > 0 && draws.chance(this.loss / 3)) return;
    schedule.after(this.latencyMs('call'), () => {
      if (!this.isCut(from, to)) deliver();
    });
  }
}
