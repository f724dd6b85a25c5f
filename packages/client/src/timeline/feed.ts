import type { Cancel } from '@everline/chassis/clock';
import type { OpenTimeline, TimelineEntry, TimelineResponse } from '@everline/contracts';
import {
  advance,
  type ChainFault,
  goBack,
  type Link,
  type Progress,
  progressFrom,
  take,
} from '@everline/protocol/caller';
import type { Context } from '../context.js';
import { Closed, Gap } from '../errors.js';
import { LiveLink } from '../live/live-link.js';
import type { Place } from '../masters/place.js';
import { bounds } from '../times.js';
import { postOf } from '../wire/post-of.js';
import type { Timeline, TimelineEvent, TimelineOptions } from './event.js';
import { EventBuffer } from './event-buffer.js';

/** Since when there is no stream, and what came since there is one again. */
interface Away {
  readonly sinceMs: number;
  afterMs: number | undefined;
  entries: number;
}

/**
 * A live timeline over any number of failovers (C2): resumed after the last entry that was received, each entry checked to be the
 * next one. What is not taken waits in a bounded buffer; while that is full nothing is read.
 */
export class Feed implements Timeline {
  readonly #context: Context;
  readonly #user: string;
  readonly #options: TimelineOptions;
  readonly #buffer: EventBuffer;
  readonly #link: LiveLink;
  /** After everything received; the buffer's own cursor is after everything taken. */
  #progress: Progress<string>;
  #caughtUp = false;
  #away: Away | undefined;
  #begun = false;
  #stopClose: Cancel = () => {};

  constructor(context: Context, user: string, options: TimelineOptions) {
    this.#context = context;
    this.#user = user;
    this.#options = options;
    this.#progress = progressFrom(options.after);
    this.#buffer = new EventBuffer(bounds.timelineBuffer, options.after, {
      onFull: () => this.#link.hold(),
      onRoom: () => this.#link.release(),
    });
    this.#link = new LiveLink(
      context,
      {
        opening: () => this.#opening(),
        onMessage: (message, place) => this.#take(message, place),
        onLost: (place, why) => this.#lost(place, why),
        onFailed: (error) => this.#finish(error),
      },
      { first: context.timeoutMs, again: options.patienceMs ?? Number.POSITIVE_INFINITY },
    );
  }

  get cursor(): string | undefined {
    return this.#buffer.cursor;
  }

  [Symbol.asyncIterator](): AsyncIterator<TimelineEvent> {
    if (this.#begun)
      throw new TypeError('a timeline is iterated once; open another with `after: timeline.cursor`');
    this.#begun = true;
    this.#start();
    return {
      next: async () => {
        const event = await this.#buffer.next();
        return event === undefined ? { done: true, value: undefined } : { done: false, value: event };
      },
      return: async () => {
        this.#finish(undefined);
        this.#buffer.clear();
        return { done: true, value: undefined };
      },
    };
  }

  #start(): void {
    const { lifetime } = this.#context;
    const { signal } = this.#options;
    if (lifetime.closed) {
      this.#finish(new Closed());
      return;
    }
    if (signal?.aborted) {
      this.#finish(signal.reason);
      return;
    }
    this.#stopClose = lifetime.onClose((why) => this.#finish(why));
    signal?.addEventListener('abort', this.#abort);
    this.#link.start();
  }

  #opening(): OpenTimeline {
    const { recent = 20, includeOwn = false } = this.#options;
    const { cursor } = this.#progress;
    return {
      username: this.#user,
      after: cursor ?? '',
      recent: cursor !== undefined ? 0 : recent === 0 ? -1 : recent,
      includeOwn,
      sessionId: '',
      onlyPosts: false,
      ahead: false,
    };
  }

  #take({ response }: TimelineResponse, place: Place): void {
    if (this.#away !== undefined) this.#away.afterMs ??= this.#context.clock.nowMs() - this.#away.sinceMs;
    switch (response?.$case) {
      case 'entries':
        for (const entry of response.value.entries) {
          if (!this.#takeEntry(entry, place)) return;
        }
        return;
      case 'caughtUp':
        this.#takeCaughtUp(response.value.cursor, place);
        return;
      case 'heartbeat':
        this.#advance(response.value.cursor);
        return;
      case 'posted':
      case 'results':
      case 'moved':
      case undefined:
    }
  }

  #takeEntry(entry: TimelineEntry, place: Place): boolean {
    // A message without a post is none of this contract.
    if (entry.post === undefined) return true;
    const link = { seq: Number(entry.post.seq), prevSeq: Number(entry.prevSeq) };
    const taken = take(this.#progress, link, entry.cursor);
    if (taken.kind === 'fault') {
      this.#broken(taken.fault, link, place);
      return false;
    }
    this.#progress = taken.progress;
    if (this.#away !== undefined) this.#away.entries++;
    this.#buffer.push({ kind: 'entry', post: postOf(entry.post), cursor: entry.cursor });
    return true;
  }

  #broken(fault: ChainFault, link: Link, { address, epoch }: Place): void {
    const before = goBack(this.#progress, fault);
    if (before === undefined) {
      const lastSeq = this.#progress.lastSeq ?? 0;
      this.#finish(new Gap({ kind: fault, lastSeq, ...link, address, epoch }));
      return;
    }
    this.#progress = before;
    this.#link.restart(`entry ${link.prevSeq} is missing before entry ${link.seq}`);
  }

  #takeCaughtUp(cursor: string, place: Place): void {
    this.#advance(cursor);
    const { address, epoch } = place;
    if (this.#away !== undefined) {
      const { afterMs = 0, entries } = this.#away;
      this.#away = undefined;
      this.#buffer.push({ kind: 'resumed', afterMs, address, epoch, entries, missed: 0 });
    }
    if (this.#caughtUp) return;
    this.#caughtUp = true;
    this.#buffer.push({ kind: 'caught-up', cursor });
  }

  #advance(cursor: string): void {
    if (cursor === '') return;
    this.#progress = advance(this.#progress, cursor);
    this.#buffer.advance(cursor);
  }

  #lost(place: Place, why: string): void {
    if (this.#away !== undefined) {
      this.#away.afterMs = undefined;
      return;
    }
    this.#away = { sinceMs: this.#context.clock.nowMs(), afterMs: undefined, entries: 0 };
    this.#buffer.push({ kind: 'lost', address: place.address, epoch: place.epoch, why });
  }

  readonly #abort = (): void => {
    this.#buffer.clear();
    this.#finish(this.#options.signal?.reason);
  };

  /** Ends it: after what is in the buffer, with `error` when there is one. */
  #finish(error: unknown): void {
    this.#link.end();
    this.#stopClose();
    this.#options.signal?.removeEventListener('abort', this.#abort);
    this.#buffer.finish(error);
  }
}
