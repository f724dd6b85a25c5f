import { TimelineResponse } from '@everline/contracts';
import { advance, goBack, type Progress, progressFrom, take } from '@everline/protocol/caller';
import type { FrameCache } from '../../src/timeline/frame-cache.js';
import type { Link } from '../../src/timeline/frames.js';
import type { Timelines } from '../../src/timeline/live.js';
import { Reader, type Sink } from '../../src/timeline/reader.js';

export interface ProvingOptions {
  readonly timelines: Timelines;
  readonly username: string;
  /** From after this entry on. */
  readonly afterSeq: number;
  readonly includeOwn?: boolean;
  /** What must have been shown when a cursor speaks of everything up to `seq`. */
  readonly due: (seq: number) => readonly number[];
  /** Each message costs its master something. */
  readonly onMessage?: (bytes: number) => void;
}

/** A client that decides as the production client does, and holds every word of its master against what must be true when it is said. */
export class ProvingClient {
  readonly seqs: number[] = [];
  /** Entries that were missing and were read again. */
  readonly gaps: string[] = [];
  readonly lies: string[] = [];
  caughtUps = 0;
  reader: Reader | undefined;
  readonly #options: ProvingOptions;
  #progress: Progress<number>;
  #line: Line | undefined;

  constructor(options: ProvingOptions) {
    this.#options = options;
    this.#progress = progressFrom(options.afterSeq);
  }

  get takes(): boolean {
    return this.#line?.takes ?? false;
  }

  /** Leaves the stream it has, if any, and goes on after what it got. */
  open(): void {
    this.leave();
    const { timelines, username, includeOwn = false } = this.#options;
    this.#line = new Line(this);
    this.reader = new Reader({ timelines, username, includeOwn, sink: this.#line });
    this.reader.beginAfter(this.#progress.cursor ?? 0);
  }

  leave(): void {
    this.#line = undefined;
    this.reader?.close();
  }

  stall(): void {
    if (this.#line !== undefined) this.#line.takes = false;
  }

  takeAgain(): void {
    this.#line?.takeAgain();
    this.reader?.resume();
  }

  hear(line: Line, frame: Uint8Array): void {
    this.#options.onMessage?.(frame.length);
    const { response } = TimelineResponse.decode(frame);
    if (response?.$case === 'entries') {
      for (const entry of response.value.entries) {
        if (line === this.#line) this.#take(Number(entry.post?.seq), Number(entry.prevSeq));
      }
    }
    if (line !== this.#line) return;
    if (response?.$case === 'caughtUp') this.caughtUps++;
    if (response?.$case === 'heartbeat' || response?.$case === 'caughtUp')
      this.#upTo(Number(response.value.cursor));
  }

  failed(line: Line): void {
    if (line === this.#line) this.open();
  }

  #take(seq: number, prevSeq: number): void {
    const taken = take(this.#progress, { seq, prevSeq }, seq);
    if (taken.kind === 'taken') {
      this.#progress = taken.progress;
      this.seqs.push(seq);
      return;
    }
    this.gaps.push(`${taken.fault}: ${seq} after ${prevSeq}, not ${this.#progress.lastSeq}`);
    const back = goBack(this.#progress, taken.fault);
    if (back === undefined) return void this.lies.push(`lost before ${seq}`);
    this.#progress = back;
    this.open();
  }

  #upTo(seq: number): void {
    const shown = new Set(this.seqs);
    for (const due of this.#options.due(seq)) if (!shown.has(due)) this.lies.push(`${seq} passes ${due} by`);
    this.#progress = advance(this.#progress, seq);
  }
}

class Line implements Sink {
  takes = true;
  pending = 0;
  readonly #client: ProvingClient;
  #wake: () => void = () => undefined;

  constructor(client: ProvingClient) {
    this.#client = client;
  }
  entries(links: readonly Link[], cache: FrameCache): boolean {
    return this.#write(cache.entries(links));
  }
  caughtUp(cursor: string): boolean {
    return this.#write(
      TimelineResponse.encode({ response: { $case: 'caughtUp', value: { cursor } } }).finish(),
    );
  }
  heartbeat(frame: Uint8Array): boolean {
    return this.#write(frame);
  }
  moved(): void {}
  ready(): Promise<void> {
    if (this.takes) return Promise.resolve();
    return new Promise((resolve) => {
      this.#wake = resolve;
    });
  }
  fail(): void {
    this.#client.failed(this);
  }
  takeAgain(): void {
    this.takes = true;
    this.#wake();
  }
  #write(frame: Uint8Array): boolean {
    this.#client.hear(this, frame);
    return this.takes;
  }
}
