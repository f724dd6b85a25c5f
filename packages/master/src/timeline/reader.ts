/**
 * One open timeline: first what it missed, then what happens. In the past it reads the state in steps, as fast as its client takes them; when
 * nothing is left it begins to listen, in the same turn of the event loop, so that nothing falls between and nothing comes twice. When more
 * happens than its client takes, it lets go of what waits and turns back to the past: that costs no memory, however far behind it falls.
 *
 * C2: entries in the order of the journal, each with the seq of the one before it.
 */
import { DeadlineExceeded, type Refusal } from '@everline/chassis';
import { refusal } from '../errors.js';
import { Backlog } from './backlog.js';
import { FrameCache } from './frame-cache.js';
import { type Core, coreOf } from './frames.js';
import type { Timelines } from './live.js';
import { pageOf } from './page.js';
import { sourcesOf } from './sources.js';
import { type Outlet, untilReady } from './stalled.js';

/** Where a timeline goes, in whichever dialect. Each write is false when its client has enough for now. */
export interface Sink extends Outlet {
  entries(cores: readonly Core[], prevSeq: number, cache: FrameCache): boolean;
  caughtUp(cursor: string): boolean;
  heartbeat(frame: Uint8Array): boolean;
  moved(to: { readonly address: string; readonly epoch: number }): void;
  /** Ends it; nothing when it has ended. */
  fail(error: unknown): void;
}

export interface ReaderOptions {
  readonly timelines: Timelines;
  readonly username: string;
  readonly includeOwn: boolean;
  readonly sink: Sink;
}

/** Entries that wait for a client that takes none at the moment; with one more the reader turns back to the past. */
const mostWaiting = 1_024;
const mostWaitingBytes = 1024 * 1024;
/** A client that is that far behind and takes nothing for so long is ended with READER_TOO_SLOW and its cursor. */
const mostStalledMs = 10_000;
/** What one message holds of the past. */
const step = { posts: 256, bytes: 64 * 1024 };

type Phase =
  /** Without a backlog: it is looked for with the next step. */
  | { readonly kind: 'past'; backlog: Backlog | undefined }
  | { readonly kind: 'live' }
  | { readonly kind: 'ended' };

export class Reader {
  readonly username: string;
  readonly authors = new Set<string>();
  readonly #options: ReaderOptions;
  #phase: Phase = { kind: 'ended' };
  /** Of the last entry that was sent, or the place it began at. */
  #sentSeq = 0;
  /** Of the last entry of this timeline up to #sentSeq. */
  #prevSeq = 0;
  #waiting: Core[] = [];
  #waitingBytes = 0;
  #blocked = false;
  #caughtUp = false;
  #wroteMs = 0;

  constructor(options: ReaderOptions) {
    this.#options = options;
    this.username = options.username;
  }

  /** Where the client is, as far as was sent. */
  get cursor(): string {
    return this.#options.timelines.cursorOf(this.#sentSeq);
  }

  /** From after this entry on. */
  beginAfter(seq: number): void {
    const { view } = this.#options.timelines;
    const [before] = pageOf(view, this.#sources(), seq + 1, 1).entries;
    this.#begin(seq, before?.seq ?? 0);
  }

  /** With the newest `count`, the oldest of them first. */
  beginRecent(count: number): void {
    const { view, appliedSeq } = this.#options.timelines;
    const entries = count === 0 ? [] : pageOf(view, this.#sources(), Number.MAX_SAFE_INTEGER, count).entries;
    const oldest = entries.at(-1);
    if (oldest === undefined) this.beginAfter(appliedSeq);
    else this.#begin(oldest.seq - 1, oldest.prevSeq);
  }

  offer(core: Core): void {
    if (this.#phase.kind !== 'live') return;
    this.#waiting.push(core);
    this.#waitingBytes += core.bytes.length;
  }

  /** Sends what waits, if the client takes it. */
  flush(cache: FrameCache): void {
    if (this.#phase.kind !== 'live' || this.#waiting.length === 0) return;
    if (!this.#blocked) {
      const cores = this.#waiting;
      this.#forget();
      this.#send(cores, cache);
    } else if (this.#waiting.length > mostWaiting || this.#waitingBytes > mostWaitingBytes) this.#turnBack();
  }

  /** The client takes more. */
  resume(): void {
    this.#blocked = false;
    this.flush(new FrameCache());
  }

  follow(author: string): void {
    if (this.#phase.kind === 'past') this.#phase.backlog = undefined;
    else if (this.#phase.kind === 'live') this.#listen(author);
  }

  unfollow(author: string): void {
    if (this.#phase.kind === 'past') this.#phase.backlog = undefined;
    else if (this.authors.delete(author)) this.#options.timelines.ignore(this, author);
  }

  /** Nothing else was sent for `everyMs`: says up to where nothing was missed. */
  beat(frame: Uint8Array, nowMs: number, everyMs: number): void {
    if (this.#phase.kind !== 'live' || this.#blocked || nowMs - this.#wroteMs < everyMs * 0.9) return;
    this.#wroteMs = nowMs;
    this.#blocked = !this.#options.sink.heartbeat(frame);
  }

  move(to: { readonly address: string; readonly epoch: number }, refused: Refusal): void {
    if (this.#phase.kind === 'ended') return;
    this.#options.sink.moved(to);
    this.#end(refused);
  }

  /** The client is gone. */
  close(): void {
    this.#phase = { kind: 'ended' };
    this.#forget();
    this.#options.timelines.remove(this);
  }

  #begin(sentSeq: number, prevSeq: number): void {
    this.#sentSeq = sentSeq;
    this.#prevSeq = prevSeq;
    this.#phase = { kind: 'past', backlog: undefined };
    this.#options.timelines.add(this);
    void this.#catchUp();
  }

  #sources() {
    const { timelines, username, includeOwn } = this.#options;
    return sourcesOf(timelines.view, username, includeOwn);
  }

  #turnBack(): void {
    this.#forget();
    for (const author of this.authors) this.#options.timelines.ignore(this, author);
    this.authors.clear();
    this.#phase = { kind: 'past', backlog: undefined };
    void this.#catchUp();
  }

  async #catchUp(): Promise<void> {
    const { timelines, sink } = this.#options;
    const { clock, view } = timelines;
    const cache = new FrameCache();
    try {
      while (this.#phase.kind === 'past') {
        if (this.#blocked) {
          await untilReady(sink, clock, mostStalledMs);
          this.#blocked = false;
          continue;
        }
        this.#phase.backlog ??= new Backlog(view, this.#sources(), this.#sentSeq);
        const posts = this.#phase.backlog.take(step.posts, step.bytes);
        if (posts.length === 0) return this.#goLive();
        this.#send(
          posts.map((post) => coreOf(post, timelines.cursorOf(post.seq))),
          cache,
        );
        if (!this.#blocked) await new Promise<void>((resolve) => clock.soon(resolve));
      }
    } catch (error) {
      this.#end(
        error instanceof DeadlineExceeded
          ? refusal('READER_TOO_SLOW', undefined, { cursor: this.cursor })
          : error,
      );
    }
  }

  #goLive(): void {
    const { timelines, sink } = this.#options;
    this.#phase = { kind: 'live' };
    for (const { username } of this.#sources()) this.#listen(username);
    this.#wroteMs = timelines.clock.nowMs();
    this.#sentSeq = Math.max(this.#sentSeq, timelines.appliedSeq);
    if (this.#caughtUp) return;
    this.#caughtUp = true;
    this.#blocked = !sink.caughtUp(this.cursor);
  }

  #listen(author: string): void {
    this.authors.add(author);
    this.#options.timelines.listen(this, author);
  }

  #send(cores: readonly Core[], cache: FrameCache): void {
    const last = cores.at(-1);
    if (last === undefined) return;
    this.#blocked = !this.#options.sink.entries(cores, this.#prevSeq, cache);
    this.#wroteMs = this.#options.timelines.clock.nowMs();
    this.#prevSeq = last.seq;
    this.#sentSeq = last.seq;
  }

  #forget(): void {
    this.#waiting = [];
    this.#waitingBytes = 0;
  }

  #end(error: unknown): void {
    const { sink } = this.#options;
    this.close();
    sink.fail(error);
  }
}
