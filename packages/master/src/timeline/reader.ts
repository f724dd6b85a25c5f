/**
 * One open timeline: first what it missed, then what happens. In the past it reads the state in steps, as fast as its client takes them; when
 * nothing is left it begins to listen, in the same turn of the event loop, so that nothing falls between and nothing comes twice. When more
 * happens than its client takes, it lets go of what waits and turns back to the past: that costs no memory, however far behind it falls.
 *
 * C2: entries in the order of the journal, each with the seq of the one before it. In the present that is no mere count of what was sent: it is
 * noted when the entry is told, and what the state knows of its author has a say. So an entry that got lost on the way here shows at the client.
 */
import { DeadlineExceeded, type Refusal } from '@everline/chassis';
import { refusal } from '../errors.js';
import type { NewPost } from '../state/applied.js';
import { Backlog } from './backlog.js';
import { FrameCache } from './frame-cache.js';
import { type Core, coreOf, type Link } from './frames.js';
import type { Timelines } from './live.js';
import { pageOf } from './page.js';
import { sourcesOf } from './sources.js';
import { type Outlet, untilReady } from './stalled.js';
import type { StoredPost } from './view.js';

/** Where a timeline goes, in whichever dialect. Each write is false when its client has enough for now. */
export interface Sink extends Outlet {
  entries(links: readonly Link[], cache: FrameCache): boolean;
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
  /** Whom it listens to, and from where on their posts are in this timeline. */
  readonly authors = new Map<string, number>();
  readonly #options: ReaderOptions;
  #phase: Phase = { kind: 'ended' };
  /** Of the last entry that was sent, or the place it began at. */
  #sentSeq = 0;
  /** Of the last entry that was sent, or the last one before the beginning. */
  #sentEntrySeq = 0;
  /** Of the last entry of this timeline that it knows of: sent, waiting, or before its beginning. */
  #knownSeq = 0;
  #waiting: Link[] = [];
  #waitingBytes = 0;
  /** Somebody is going to flush. */
  #told = false;
  #blocked = false;
  #caughtUp = false;
  #onlyPosts = false;
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

  /** It listens to nobody: whoever only posts is told that this master lives, and where the role goes. */
  beginOnlyPosts(): void {
    this.#onlyPosts = true;
    this.#options.timelines.add(this);
    this.#goLive();
  }

  /** True when it is to be flushed soon, and nobody knows that yet. */
  offer(core: Core, { author, afterSeq }: Pick<NewPost, 'author' | 'afterSeq'>): boolean {
    if (this.#phase.kind !== 'live') return false;
    const sinceSeq = this.authors.get(author) ?? afterSeq;
    const prevSeq = afterSeq > sinceSeq ? Math.max(this.#knownSeq, afterSeq) : this.#knownSeq;
    this.#knownSeq = core.seq;
    this.#waiting.push({ core, prevSeq });
    this.#waitingBytes += core.bytes.length;
    if (this.#waiting.length > mostWaiting || this.#waitingBytes > mostWaitingBytes) this.#turnBack();
    if (this.#blocked || this.#told) return false;
    this.#told = true;
    return true;
  }

  /** Sends what waits, if the client takes it. */
  flush(cache: FrameCache): void {
    this.#told = false;
    if (this.#phase.kind !== 'live' || this.#blocked || this.#waiting.length === 0) return;
    const links = this.#waiting;
    this.#forget();
    this.#send(links, cache);
  }

  /** The client takes more. */
  resume(): void {
    this.#blocked = false;
    this.flush(new FrameCache());
  }

  follow(author: string, sinceSeq: number): void {
    if (this.#onlyPosts) return;
    if (this.#phase.kind === 'past') this.#phase.backlog = undefined;
    else if (this.#phase.kind === 'live') this.#listen(author, sinceSeq);
  }

  unfollow(author: string): void {
    if (this.#phase.kind === 'past') this.#phase.backlog = undefined;
    else if (this.authors.delete(author)) this.#options.timelines.ignore(this, author);
  }

  /** Nothing else was sent for `everyMs`: says up to where nothing was missed. */
  beat(frame: Uint8Array, nowMs: number, everyMs: number): void {
    if (this.#phase.kind !== 'live' || this.#blocked || nowMs - this.#wroteMs < everyMs * 0.9) return;
    if (this.#waiting.length > 0) return; // the frame may speak of what waits
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

  #begin(sentSeq: number, knownSeq: number): void {
    this.#sentSeq = sentSeq;
    this.#sentEntrySeq = knownSeq;
    this.#knownSeq = knownSeq;
    this.#phase = { kind: 'past', backlog: undefined };
    const { timelines } = this.#options;
    timelines.add(this);
    timelines.past.take(() => this.#catchUp());
  }

  #sources() {
    const { timelines, username, includeOwn } = this.#options;
    return this.#onlyPosts ? [] : sourcesOf(timelines.view, username, includeOwn);
  }

  #turnBack(): void {
    const { timelines } = this.#options;
    this.#forget();
    for (const author of this.authors.keys()) timelines.ignore(this, author);
    this.authors.clear();
    this.#knownSeq = this.#sentEntrySeq;
    this.#phase = { kind: 'past', backlog: undefined };
    timelines.past.later(() => this.#catchUp());
  }

  #catchUp(): void {
    if (this.#phase.kind !== 'past') return;
    if (this.#blocked) void this.#wait();
    else if (this.#step()) this.#options.timelines.past.later(() => this.#catchUp());
  }

  /** True when there may be more. */
  #step(): boolean {
    if (this.#phase.kind !== 'past') return false;
    const { view } = this.#options.timelines;
    try {
      this.#phase.backlog ??= new Backlog(view, this.#sources(), this.#sentSeq);
      const posts = this.#phase.backlog.take(step.posts, step.bytes);
      if (posts.length > 0) this.#send(this.#linked(posts), new FrameCache());
      else this.#goLive();
      return posts.length > 0;
    } catch (error) {
      this.#end(error);
      return false;
    }
  }

  /** The past is linked as the state has it. */
  #linked(posts: readonly StoredPost[]): Link[] {
    const { timelines } = this.#options;
    return posts.map((post) => {
      const prevSeq = this.#knownSeq;
      this.#knownSeq = post.seq;
      return { core: coreOf(post, timelines.cursorOf(post.seq)), prevSeq };
    });
  }

  async #wait(): Promise<void> {
    const { timelines, sink } = this.#options;
    try {
      await untilReady(sink, timelines.clock, mostStalledMs);
    } catch (error) {
      const slow = error instanceof DeadlineExceeded;
      this.#end(slow ? refusal('READER_TOO_SLOW', undefined, { cursor: this.cursor }) : error);
      return;
    }
    this.#blocked = false;
    timelines.past.take(() => this.#catchUp());
  }

  #goLive(): void {
    const { timelines, sink } = this.#options;
    this.#phase = { kind: 'live' };
    for (const { username, sinceSeq } of this.#sources()) this.#listen(username, sinceSeq);
    this.#wroteMs = timelines.clock.nowMs();
    this.#sentSeq = Math.max(this.#sentSeq, timelines.appliedSeq);
    if (this.#caughtUp) return;
    this.#caughtUp = true;
    this.#blocked = !sink.caughtUp(this.cursor);
  }

  #listen(author: string, sinceSeq: number): void {
    this.authors.set(author, sinceSeq);
    this.#options.timelines.listen(this, author);
  }

  #send(links: readonly Link[], cache: FrameCache): void {
    const last = links.at(-1);
    if (last === undefined) return;
    this.#blocked = !this.#options.sink.entries(links, cache);
    this.#wroteMs = this.#options.timelines.clock.nowMs();
    this.#sentSeq = last.core.seq;
    this.#sentEntrySeq = last.core.seq;
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
