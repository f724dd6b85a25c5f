// Somebody who posts and reads, one call after the other, and writes down what became of it.
import { Caller } from './caller.js';
import type { Master } from './master.js';
import type { Answer } from './messages.js';
import { Process } from './process.js';
import { SimpleCaller } from './simple-caller.js';
import type { World } from './world.js';

/** One post or one page. */
export interface Ask {
  /** Of a post, made before the first try (C1). */
  readonly id: string;
  readonly isRead: boolean;
  readonly deadlineMs: number;
}

export type Ended =
  | { readonly kind: 'done'; readonly by: Master; readonly answer: Extract<Answer, { kind: 'done' }> }
  /** C4: certainly not done. */
  | { readonly kind: 'refused' }
  | { readonly kind: 'unknown' };

/** How calls are made. */
export interface Calling {
  call(ask: Ask, ended: (ended: Ended, tries: number) => void): void;
}

/** C5; some have less time. */
const callMs = 10_000;

export class Client extends Process {
  /** When the latest post was begun that was acknowledged. */
  postedSinceMs = 0;
  idle = true;
  readonly #calling: Calling;
  readonly #thinkMs: number;
  readonly #reads: number;
  readonly #hasty: number;
  #count = 0;

  constructor(world: World, nth: number) {
    super(world, `c${nth}`);
    const { draws } = world;
    this.#calling = draws.chance(0.4) ? new SimpleCaller(this) : new Caller(this);
    this.#thinkMs = draws.pick([10, 40, 120]);
    this.#reads = draws.pick([0.2, 0.5]);
    this.#hasty = draws.pick([0, 0.2]);
    this.later(draws.between(20, 100), () => this.#next());
  }

  #next(): void {
    this.idle = this.world.stopped;
    if (this.idle) return;
    const { draws, oracle, schedule } = this.world;
    const isRead = draws.chance(this.#reads);
    const deadlineMs = draws.chance(this.#hasty) ? draws.between(50, 800) : callMs;
    const ask: Ask = { id: `${this.name}-${++this.#count}`, isRead, deadlineMs };
    const begunMs = schedule.nowMs;
    // What everybody knew of when this was asked: a read must show it.
    const floorSeq = oracle.shownSeq;
    this.#calling.call(ask, (ended, tries) => {
      if (isRead) this.#hasRead(ended, begunMs, floorSeq);
      else this.#hasPosted(ask, ended, begunMs, tries);
      if (this.world.tracing) this.#note(ask, ended);
      this.later(draws.next() * this.#thinkMs, () => this.#next());
    });
  }

  #hasPosted({ id }: Ask, ended: Ended, begunMs: number, tries: number): void {
    const { name: author, world } = this;
    const { recording, oracle, schedule } = world;
    if (ended.kind !== 'done') {
      const outcome = ended.kind;
      world.counters.count(outcome === 'unknown' ? 'posts unknown' : 'posts refused');
      const endedMs = outcome === 'unknown' ? Number.POSITIVE_INFINITY : schedule.nowMs;
      recording.posts.push({ id, author, text: id, begunMs, tries, endedMs, outcome });
      return;
    }
    const outcome = 'acknowledged';
    const endedMs = schedule.nowMs;
    const { seq, epoch } = ended.answer;
    const address = ended.by.name;
    this.postedSinceMs = begunMs;
    recording.posts.push({ id, author, text: id, begunMs, tries, endedMs, outcome, seq, epoch, address });
    oracle.acknowledged(id, seq, epoch);
  }

  #hasRead(ended: Ended, begunMs: number, floorSeq: number): void {
    if (ended.kind !== 'done') return;
    const { recording, oracle, schedule } = this.world;
    const { seq, page, whole } = ended.answer;
    const times = { begunMs, endedMs: schedule.nowMs };
    recording.pages.push({ reader: this.name, includeOwn: true, ...times, entries: page, whole });
    oracle.read(this.name, ended.by.name, seq, floorSeq);
  }

  #note({ id, isRead }: Ask, ended: Ended): void {
    const { seq, epoch } = ended.kind === 'done' ? ended.answer : {};
    const by = ended.kind === 'done' ? ended.by.name : '';
    this.world.note(this.name, { call: id, isRead, ended: ended.kind, by, seq, epoch });
  }
}
