import type { TimelineRequest } from '@everline/contracts';
import type { ClientDuplexStream } from '@grpc/grpc-js';
import { eventually } from '../eventually.js';
import type { Bench } from '../subject.js';
import { entriesIn, isCaughtUp } from '../wire/frames.js';
import { FrameClient } from '../wire/sns.js';
import { enterAll, followAll } from './people.js';

/** As many processes would, without their weight: so many streams share a connection. */
const streamsPerConnection = 125;
const openMs = 30_000;

export interface CrowdOptions {
  readonly address: string;
  readonly readers: number;
  /** Of the readers, before their numbers. */
  readonly name?: string;
  /** Whom all follow; undefined at the bare transport, which knows nobody. */
  readonly author: string | undefined;
}

/** Live readers that count what they are sent. */
export class Crowd {
  /** By all together, since `forget`. */
  entries = 0;
  readonly #bench: Bench;
  readonly #connections: FrameClient[] = [];
  readonly #streams: ClientDuplexStream<TimelineRequest, Buffer>[] = [];
  #ready = 0;

  private constructor(bench: Bench) {
    this.#bench = bench;
  }

  /** All live: whatever is posted from here on reaches everyone. */
  static async open(bench: Bench, options: CrowdOptions): Promise<Crowd> {
    const { address, readers, name: of = 'reader', author } = options;
    const crowd = new Crowd(bench);
    const names = Array.from({ length: readers }, (_, index) => `${of}-${index}`);
    if (author !== undefined) {
      await enterAll(address, [author, ...names]);
      await followAll(
        address,
        names.map((name) => [name, author]),
      );
    }
    for (const [index, name] of names.entries()) {
      if (index % streamsPerConnection === 0) crowd.#connections.push(new FrameClient(address));
      crowd.#open(name, author === undefined);
    }
    const { clock, stop } = bench;
    const what = `${readers} readers are live`;
    await eventually(() => (author === undefined || crowd.#ready === readers ? true : undefined), {
      clock,
      stop,
      deadlineMs: openMs,
      what,
    });
    return crowd;
  }

  #open(username: string, bare: boolean): void {
    const stream = this.#connections.at(-1)?.timeline();
    if (stream === undefined) throw new Error('no connection for a reader');
    stream.on('data', (frame: Buffer) => {
      const entries = entriesIn(frame);
      this.entries += entries;
      if (entries === 0 && isCaughtUp(frame)) this.#ready++;
    });
    const value = {
      username,
      after: '',
      recent: -1,
      includeOwn: bare,
      sessionId: '',
      onlyPosts: false,
      ahead: false,
    };
    stream.write({ request: { $case: 'open', value } });
    this.#streams.push(stream);
  }

  /** Resolves when all together have got so many since `entries` was set to 0. */
  async until(entries: number, deadlineMs: number): Promise<void> {
    const { clock, stop } = this.#bench;
    const untilMs = clock.nowMs() + deadlineMs;
    while (this.entries < entries) {
      if (clock.nowMs() > untilMs)
        throw new Error(`${this.entries} of ${entries} entries within ${deadlineMs} ms`);
      await clock.sleep(1, stop);
    }
  }

  close(): void {
    for (const stream of this.#streams) stream.cancel();
    for (const connection of this.#connections) connection.close();
  }
}
