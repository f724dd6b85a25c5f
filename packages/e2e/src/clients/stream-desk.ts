import type { TimelineResponse } from '../wire/messages.js';
import { Peer, type Stream } from '../wire/peer.js';
import type { WireError } from '../wire/wire-error.js';
import type { Compass, Place } from './compass.js';
import type { Answer, Detour } from './desk.js';
import { Patience } from './patience.js';

interface Line {
  readonly peer: Peer;
  readonly place: Place;
  readonly stream: Stream<object, TimelineResponse>;
  over: boolean;
}

type Posted = NonNullable<TimelineResponse['posted']>;

const retryMs = 10;

/** Posts over the live timeline, as timeline mode does: one line open, everything unanswered said again on the next. */
export class StreamDesk {
  readonly detours: Detour[] = [];
  private readonly compass: Compass;
  private readonly user: string;
  private readonly closing = new AbortController();
  private line: Line | undefined;
  private waiting: { readonly postId: string; take(posted: Posted): void } | undefined;
  private refusal: WireError | undefined;

  constructor(compass: Compass, user: string) {
    this.compass = compass;
    this.user = user;
  }

  async post(
    postId: string,
    text: string,
    timeoutMs: number,
  ): Promise<Answer<Posted> & { readonly tries: number }> {
    using patience = new Patience(timeoutMs, this.closing.signal);
    const late = patience.signal;
    for (let tries = 1; !late.aborted; tries += 1) {
      const line = await this.open(late);
      if (line === undefined) break;
      const posted = await this.say(line, postId, text, late);
      if (posted?.post !== undefined)
        return { kind: 'done', value: posted, address: line.place.address, tries };
      if (posted !== undefined) return { kind: 'refused', error: undefined, tries };
      this.hangUp(line);
      using pause = new Patience(retryMs, late);
      await this.compass.moved(line.place, pause.signal);
    }
    return { kind: 'unknown', error: this.refusal, tries: 0 };
  }

  close(): void {
    this.closing.abort();
    if (this.line !== undefined) this.hangUp(this.line);
  }

  private async open(late: AbortSignal): Promise<Line | undefined> {
    const { compass } = this;
    if (compass.current === undefined) await compass.moved(undefined, late);
    const place = compass.current;
    if (place === undefined) return undefined;
    if (this.line !== undefined && !this.line.over && this.line.place.epoch >= place.epoch) return this.line;
    if (this.line !== undefined) this.hangUp(this.line);
    const peer = new Peer(place.address);
    const stream = peer.stream('everline.sns.v1.SnsService/Timeline');
    const line: Line = { peer, place, stream, over: false };
    this.line = line;
    stream.onMessage(({ posted, moved }) => {
      if (moved !== undefined) compass.hint(moved);
      if (posted !== undefined && posted.postId === this.waiting?.postId) this.waiting.take(posted);
    });
    void stream.over.then((error) => {
      // Hung up by ourselves is no detour.
      if (error !== undefined && !line.over) {
        this.refusal = error;
        this.detours.push({ atMs: performance.now(), error });
      }
      line.over = true;
    });
    stream.write({ open: { username: this.user, recent: -1 } });
    return line;
  }

  /** Undefined when the line ended, or the role moved, before there was an answer. */
  private async say(
    line: Line,
    postId: string,
    text: string,
    late: AbortSignal,
  ): Promise<Posted | undefined> {
    const done = new AbortController();
    const answered = new Promise<Posted>((take) => {
      this.waiting = { postId, take };
    });
    line.stream.write({ post: { postId, text } });
    const moved = this.compass.left(line.place, AbortSignal.any([late, done.signal]));
    try {
      return await Promise.race([
        answered,
        line.stream.over.then(() => undefined),
        moved.then(() => undefined),
      ]);
    } finally {
      this.waiting = undefined;
      done.abort();
    }
  }

  private hangUp(line: Line): void {
    line.over = true;
    line.stream.cancel();
    line.peer.close();
    if (this.line === line) this.line = undefined;
  }
}
