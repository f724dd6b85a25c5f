import type { StreamRecord, TakenEntry } from '@everline/history';
import { eventually } from '../eventually.js';
import type { TimelineResponse } from '../wire/messages.js';
import { Peer } from '../wire/peer.js';
import type { WireError } from '../wire/wire-error.js';
import type { Compass, Place } from './compass.js';
import { Patience } from './patience.js';

const silenceMs = 1_500;
const tickMs = 100;
const retryMs = 10;

/** Why a stream ended, and where it went on. */
export interface Resumption {
  readonly atMs: number;
  readonly from: string;
  readonly error: WireError | undefined;
}

/** One live timeline, resumed by cursor over whatever happens; every entry is written down with its chain. */
export class Reader {
  readonly name: string;
  readonly entries: TakenEntry[] = [];
  readonly resumptions: Resumption[] = [];
  cursor: string | undefined;
  caughtUp = false;
  /** Ended for good by a refusal that does not pass. */
  broken: WireError | undefined;
  private readonly compass: Compass;
  private readonly includeOwn: boolean;
  private readonly closing = new AbortController();
  private readonly ended: Promise<void>;

  /** With `after`, from there on; else from the newest `recent` on, none by default. */
  constructor(
    compass: Compass,
    name: string,
    options: { includeOwn?: boolean; after?: string; recent?: number } = {},
  ) {
    this.compass = compass;
    this.name = name;
    this.includeOwn = options.includeOwn ?? false;
    this.cursor = options.after;
    this.ended = this.follow(options.recent ?? -1);
  }

  async untilCaughtUp(deadlineMs = 20_000): Promise<void> {
    await eventually(() => this.caughtUp, deadlineMs, `${this.name} reads live`);
  }

  async untilTaken(seq: number, deadlineMs = 30_000): Promise<void> {
    await eventually(
      () => (this.entries.at(-1)?.seq ?? 0) >= seq,
      deadlineMs,
      () => `${this.name} has taken everything up to ${seq}; it has ${this.entries.at(-1)?.seq ?? 'nothing'}`,
    );
  }

  /** Ends it; what it took, with what it had to take. */
  async stop(bounds: { afterSeq?: number; untilSeq?: number } = {}): Promise<StreamRecord> {
    this.closing.abort();
    await this.ended;
    return {
      reader: this.name,
      includeOwn: this.includeOwn,
      entries: this.entries,
      endedMs: performance.now(),
      ...bounds,
    };
  }

  private async follow(recent: number): Promise<void> {
    const { signal } = this.closing;
    while (!signal.aborted && this.broken === undefined) {
      const place = this.compass.current;
      if (place === undefined) {
        await this.compass.moved(undefined, signal);
        continue;
      }
      const error = await this.readAt(place, recent);
      if (signal.aborted) return;
      this.resumptions.push({ atMs: performance.now(), from: place.address, error });
      if (error !== undefined && isFinal(error)) this.broken = error;
      using pause = new Patience(retryMs, signal);
      await this.compass.moved(place, pause.signal);
    }
  }

  /** One stream, until it ends, the role moves, or nothing is heard. */
  private async readAt(place: Place, recent: number): Promise<WireError | undefined> {
    const peer = new Peer(place.address);
    const stream = peer.stream('everline.sns.v1.SnsService/Timeline');
    const over = new AbortController();
    let heardMs = performance.now();
    stream.onMessage((message) => {
      heardMs = performance.now();
      this.take(message);
      if (message.moved !== undefined) this.compass.hint(message.moved);
    });
    const after = this.cursor === undefined ? { recent } : { after: this.cursor };
    stream.write({ open: { username: this.name, includeOwn: this.includeOwn, ...after } });
    let tickedMs = heardMs;
    const watch = setInterval(() => {
      const nowMs = performance.now();
      // Whoever was late itself has not listened.
      if (nowMs - tickedMs > 3 * tickMs) heardMs = nowMs;
      tickedMs = nowMs;
      if (nowMs - heardMs > silenceMs) stream.cancel();
    }, tickMs);
    const leave = (): void => stream.cancel();
    this.closing.signal.addEventListener('abort', leave, { once: true });
    void this.compass.left(place, over.signal).then(leave);
    const error = await stream.over;
    clearInterval(watch);
    this.closing.signal.removeEventListener('abort', leave);
    over.abort();
    peer.close();
    return error;
  }

  private take({ entries, caughtUp, heartbeat }: TimelineResponse): void {
    const takenMs = performance.now();
    for (const { post, cursor, prevSeq } of entries?.entries ?? []) {
      this.entries.push({
        id: post.postId,
        author: post.author,
        text: post.text,
        seq: post.seq,
        prevSeq,
        takenMs,
      });
      this.cursor = cursor;
    }
    const news = caughtUp?.cursor ?? heartbeat?.cursor;
    if (news !== undefined && news !== '') this.cursor = news;
    if (caughtUp !== undefined) this.caughtUp = true;
  }
}

const finalReasons = new Set([
  'CURSOR_INVALID',
  'CURSOR_EXPIRED',
  'CURSOR_DIVERGED',
  'FIELD_INVALID',
  'USER_UNKNOWN',
  'SESSION_UNKNOWN',
  'UNEXPECTED',
]);

function isFinal({ reason }: WireError): boolean {
  return reason !== undefined && finalReasons.has(reason);
}
