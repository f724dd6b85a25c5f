// A reader of a timeline: resumes from its cursor at whoever is available, and proves by the prev_seq chain that it missed nothing (C2).
import { Backoff } from './backoff.js';
import type { Line } from './line.js';
import type { Master } from './master.js';
import type { Cursor, TimelineMessage } from './messages.js';
import { Process } from './process.js';
import type { World } from './world.js';

/** A stream that says nothing for so long is given up. */
const silenceMs = 700;

export class Reader extends Process {
  cursor: Cursor | undefined;
  readonly #backoff: Backoff;
  #line: Line | undefined;
  #heardMs = 0;

  constructor(world: World, nth: number) {
    super(world, `r${nth}`);
    this.#backoff = new Backoff(world.draws);
    this.later(world.draws.between(100, 900), () => this.#open());
    this.every(250, () => this.#look());
  }

  #open(): void {
    const { world } = this;
    const to = this.#target();
    this.#heardMs = this.nowMs;
    const line: Line = world.network.open(
      this,
      to,
      { kind: 'timeline', cursor: this.cursor },
      {
        onMessage: (message) => this.#take(to, message as TimelineMessage),
        onClosed: (_why, reason) => this.#over(line, to, reason),
      },
    );
    this.#line = line;
  }

  #target(): Master {
    const { world } = this;
    const told = world.router.up && !world.router.paused ? world.router.whoIsAvailable() : undefined;
    const known = told === undefined ? undefined : world.masterOf(told.masterId);
    return known === undefined || world.draws.chance(0.1) ? world.draws.pick(world.masters) : known;
  }

  #take(by: Master, message: TimelineMessage): void {
    this.#heardMs = this.nowMs;
    this.#backoff.reset();
    if (message.kind === 'caught-up') this.cursor ??= message.cursor;
    if (message.kind !== 'post') return;
    const { post } = message;
    this.world.oracle.shows(this.name, by.name, post, this.cursor?.seq);
    this.cursor = { seq: post.seq, epoch: post.epoch };
  }

  #over(line: Line, by: Master, reason: unknown): void {
    if (this.#line !== line) return;
    this.#line = undefined;
    if (this.cursor !== undefined) this.world.counters.count('timelines resumed');
    if (reason === 'CURSOR_DIVERGED') {
      this.world.oracle.found(
        `${by.name} has another entry at the cursor ${this.cursor?.seq} of ${this.name}`,
      );
    }
    this.later(this.#backoff.nextMs() + 1, () => this.#open());
  }

  #look(): void {
    const line = this.#line;
    if (line === undefined || this.nowMs - this.#heardMs < silenceMs) return;
    line.close(0, 'broken');
    this.#over(line, this.world.masters[0] as Master, undefined);
  }
}
