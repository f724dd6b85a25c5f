import { eventually } from '../eventually.js';
import type { OpenTimeline, TimelineEntry } from '../wire/messages.js';
import { Peer, type Stream } from '../wire/peer.js';
import type { WireError } from '../wire/wire-error.js';

const takeMs = 60_000;

/** One live timeline at one master that can stop taking; ended for that, it goes on from the cursor that it was told. */
export class LazyReader {
  readonly taken: TimelineEntry[] = [];
  private readonly peer: Peer;
  private readonly username: string;
  private stream: Pick<Stream<object, object>, 'pause' | 'resume' | 'cancel'>;
  private caughtUp = false;
  private ended: WireError | undefined;

  constructor(address: string, username: string) {
    this.peer = new Peer(address);
    this.username = username;
    this.stream = this.open({ recent: -1 });
  }

  async untilCaughtUp(): Promise<void> {
    await eventually(() => this.caughtUp, 10_000, `${this.username} reads live`);
  }

  pause(): void {
    this.stream.pause();
  }

  /** Takes again, until it has so many. */
  async takeAll(amount: number): Promise<void> {
    this.stream.resume();
    await eventually(
      () => {
        if (this.ended !== undefined) this.goOn(this.ended);
        return this.taken.length >= amount;
      },
      takeMs,
      () => `${amount} are taken: ${this.taken.length}`,
    );
    this.stream.cancel();
    this.peer.close();
  }

  private goOn(error: WireError): void {
    const { cursor } = error.metadata;
    if (error.reason !== 'READER_TOO_SLOW' || cursor === undefined) throw error;
    this.ended = undefined;
    this.stream = this.open({ after: cursor });
  }

  private open(from: Omit<OpenTimeline, 'username'>): Stream<object, object> {
    const stream = this.peer.stream('everline.sns.v1.SnsService/Timeline');
    stream.onMessage(({ entries, caughtUp }) => {
      this.taken.push(...(entries?.entries ?? []));
      this.caughtUp ||= caughtUp !== undefined;
    });
    stream.write({ open: { username: this.username, ...from } });
    void stream.over.then((error) => {
      this.ended = error;
    });
    return stream;
  }
}
