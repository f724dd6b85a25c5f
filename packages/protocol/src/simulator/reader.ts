// A reader of a timeline: resumes from its cursor at whoever is available, and proves by the prev_seq chain that it missed nothing (C2).
// How far it has come, and when it tries again, are the client library's own decisions.
import type { TakenEntry } from '@everline/history';
import { advance, type Progress, progressFrom, retriesAfter, retryPauseMs, take } from '../caller/index.js';
import type { Line } from './line.js';
import type { Master } from './master.js';
import type { Cursor, TimelineMessage } from './messages.js';
import { Process } from './process.js';
import { authorOf } from './recording.js';
import type { Post } from './state.js';
import type { World } from './world.js';

/** A stream that says nothing for so long is given up. */
const silenceMs = 700;

export class Reader extends Process {
  progress: Progress<Cursor> = progressFrom<Cursor>(undefined);
  readonly entries: TakenEntry[] = [];
  /** Everything behind this place has to come. */
  fromSeq: number | undefined;
  #retries = 0;
  #line: Line | undefined;
  #heardMs = 0;
  #firstWordMs: number | undefined;

  constructor(world: World, nth: number) {
    super(world, `r${nth}`);
    this.later(world.draws.between(100, 900), () => this.#open());
    this.every(250, () => this.#look());
  }

  #open(): void {
    const { world } = this;
    const to = this.#target();
    this.#heardMs = this.nowMs;
    this.#firstWordMs = undefined;
    const line: Line = world.network.open(
      this,
      to,
      { kind: 'timeline', cursor: this.progress.cursor },
      {
        onMessage: (message) => {
          if (this.#line === line) this.#take(to, message as TimelineMessage);
        },
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
    this.#firstWordMs ??= this.nowMs;
    if (message.kind === 'post') this.#takePost(by, message.post);
    else {
      this.fromSeq ??= message.cursor.seq;
      this.progress = advance(this.progress, message.cursor);
    }
  }

  #takePost(by: Master, post: Post): void {
    const { oracle, schedule } = this.world;
    const { seq, prevSeq, id, epoch } = post;
    oracle.shows(this.name, by.name, post, this.progress.lastSeq);
    const taken = take(this.progress, { seq, prevSeq }, { seq, epoch });
    if (taken.kind === 'taken') this.progress = taken.progress;
    else oracle.found(`C2: ${by.name} showed ${this.name} ${seq}: ${taken.fault}`);
    this.entries.push({ id, author: authorOf(id), text: id, seq, prevSeq, takenMs: schedule.nowMs });
  }

  #over(line: Line, by: Master, reason: unknown): void {
    if (this.#line !== line) return;
    const { world } = this;
    const { cursor } = this.progress;
    this.#line = undefined;
    if (cursor !== undefined) world.counters.count('timelines resumed');
    if (reason === 'CURSOR_DIVERGED')
      world.oracle.found(`C2: ${by.name} has another entry at the cursor ${cursor?.seq} of ${this.name}`);
    const livedMs = this.#firstWordMs === undefined ? undefined : this.nowMs - this.#firstWordMs;
    this.#retries = retriesAfter(this.#retries, { moved: reason === 'moved', livedMs });
    this.later(retryPauseMs(this.#retries++, world.draws) + 1, () => this.#open());
  }

  #look(): void {
    const line = this.#line;
    if (line === undefined || this.nowMs - this.#heardMs < silenceMs) return;
    line.close(0, 'broken');
    this.#over(line, this.world.masters[0] as Master, undefined);
  }
}
