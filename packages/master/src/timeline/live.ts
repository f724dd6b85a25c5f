// The open timelines of this master, and what each of them is told of.
import type { Cancel, Clock } from '@everline/chassis';
import type { Applied, Change } from '../state/applied.js';
import { FrameCache } from './frame-cache.js';
import { type Core, coreOf, heartbeatFrame } from './frames.js';
import type { Reader } from './reader.js';
import { Turns } from './turns.js';
import type { View } from './view.js';

/** The open timelines of this master. */
export interface Live {
  /** To be called with everything that is applied, in order, right after. */
  publish(applied: readonly Applied[]): void;
}

export interface TimelinesOptions {
  readonly view: View;
  readonly clock: Clock;
  /** Silence after which a reader gets a heartbeat. */
  readonly beatMs: number;
}

/** A beat to every reader costs about 15 µs: with very many they come less often, so that beats stay below a tenth of the time. */
const beatCostMs = 0.15;
/** And never less often than this: readers take longer silence for a fault. */
const longestBeatMs = 250;

/** Readers by author, so that a post costs as much as it has online readers. */
export class Timelines implements Live {
  readonly view: View;
  readonly clock: Clock;
  /** Whoever reads the past takes turns, and so do those who are told: each kind with time of its own, for the others are not to wait for the slow. */
  readonly past: Turns;
  readonly present: Turns;
  readonly #beatMs: number;
  readonly #byAuthor = new Map<string, Set<Reader>>();
  readonly #byUser = new Map<string, Set<Reader>>();
  readonly #readers = new Set<Reader>();
  #cancelBeat: Cancel | undefined;
  #cursorOf: (seq: number) => string = () => '';
  #appliedSeq = 0;

  constructor({ view, clock, beatMs }: TimelinesOptions) {
    this.view = view;
    this.clock = clock;
    this.past = new Turns(clock);
    this.present = new Turns(clock);
    this.#beatMs = beatMs;
  }

  get size(): number {
    return this.#readers.size;
  }

  cursorOf(seq: number): string {
    return this.#cursorOf(seq);
  }

  /** Everything up to and with this entry is applied. */
  get appliedSeq(): number {
    return this.#appliedSeq;
  }

  /** A reign begins: its cursors carry its epoch. */
  begin(cursorOf: (seq: number) => string, appliedSeq: number): void {
    this.#cursorOf = cursorOf;
    this.#appliedSeq = appliedSeq;
  }

  publish(applied: readonly Applied[]): void {
    const last = applied.at(-1);
    if (last === undefined) return;
    this.#appliedSeq = last.seq;
    if (this.#readers.size === 0) return;
    const told: Reader[] = [];
    for (const { seq, change } of applied) if (change !== undefined) this.#tell(seq, change, told);
    const cache = new FrameCache();
    for (const reader of told) this.present.take(() => reader.flush(cache));
  }

  /** Synchronous with the reader's last look into the past, so nothing falls between. */
  add(reader: Reader): void {
    this.#readers.add(reader);
    put(this.#byUser, reader.username, reader);
    this.#cancelBeat ??= this.clock.after(this.#beatMs, () => this.#beat());
  }

  remove(reader: Reader): void {
    this.#readers.delete(reader);
    drop(this.#byUser, reader.username, reader);
    for (const author of reader.authors.keys()) drop(this.#byAuthor, author, reader);
  }

  listen(reader: Reader, author: string): void {
    put(this.#byAuthor, author, reader);
  }

  ignore(reader: Reader, author: string): void {
    drop(this.#byAuthor, author, reader);
  }

  #tell(seq: number, change: Change, told: Reader[]): void {
    if (change.kind === 'post') {
      const readers = this.#byAuthor.get(change.author);
      if (readers === undefined) return;
      const core: Core = coreOf({ seq, bytes: change.bytes }, this.cursorOf(seq));
      for (const reader of readers) if (reader.offer(core, change)) told.push(reader);
    } else if (change.kind === 'follow' || change.kind === 'unfollow') {
      for (const reader of this.#byUser.get(change.username) ?? []) {
        if (change.kind === 'follow') reader.follow(change.followee, seq);
        else reader.unfollow(change.followee);
      }
    }
  }

  #beat(): void {
    const frame = heartbeatFrame(this.cursorOf(this.#appliedSeq));
    const nowMs = this.clock.nowMs();
    const everyMs = Math.min(Math.max(this.#beatMs, this.#readers.size * beatCostMs), longestBeatMs);
    for (const reader of this.#readers) this.present.take(() => reader.beat(frame, nowMs, everyMs));
    this.#cancelBeat = this.#readers.size === 0 ? undefined : this.clock.after(everyMs, () => this.#beat());
  }
}

function put(index: Map<string, Set<Reader>>, key: string, reader: Reader): void {
  const readers = index.get(key);
  if (readers === undefined) index.set(key, new Set([reader]));
  else readers.add(reader);
}

function drop(index: Map<string, Set<Reader>>, key: string, reader: Reader): void {
  const readers = index.get(key);
  if (readers?.delete(reader) && readers.size === 0) index.delete(key);
}
