import { type Client, connect, type Post, Unknown } from '@everline/client';
import type { Bench } from '../subject.js';
import { textBytes } from './text.js';

const retryMs = 10;
const countMs = 60_000;
/** A busy machine is slow to connect; what fails is counted. */
const timeoutMs = 30_000;

interface Writer {
  readonly client: Client;
  readonly name: string;
  /** All up to and with this number are acknowledged. */
  done: number;
}

export interface Count {
  readonly acknowledged: number;
  readonly lost: number;
  readonly doubled: number;
}

/**
 * Clients that post one thing after the other, each its own connections. A post that fails is tried again with the same number until it
 * is acknowledged; all are counted at the end by somebody who was not there.
 */
export class Writers implements AsyncDisposable {
  /** When each acknowledgement came, since `forget`. */
  acknowledgedMs: number[] = [];
  tookMs: number[] = [];
  /** Calls that rejected: none should. */
  failed = 0;
  readonly #bench: Bench;
  readonly #writers: readonly Writer[];
  readonly #reader: Client;
  #loops: Promise<void>[] = [];
  #cursor: string | undefined;
  #stopping = false;

  constructor(bench: Bench, router: string, amount: number) {
    this.#bench = bench;
    // A cluster may have been written to before.
    const run = bench.random.uuid().slice(0, 8);
    this.#writers = Array.from({ length: amount }, (_, index) => {
      const name = `writer-${run}-${index}`;
      return { client: connect({ routers: router, user: name, timeoutMs }), name, done: 0 };
    });
    this.#reader = connect({ routers: router, user: `counter-${run}`, timeoutMs });
  }

  async start(): Promise<void> {
    await this.#reader.login();
    for (const { client, name } of this.#writers) {
      await client.login();
      await this.#reader.follow(name);
    }
    for await (const event of this.#reader.timeline({ recent: 0 })) {
      if (event.kind !== 'caught-up') continue;
      this.#cursor = event.cursor;
      break;
    }
    this.#loops = this.#writers.map((writer) => this.#write(writer));
  }

  /** Begins a new stretch. */
  forget(): void {
    this.acknowledgedMs = [];
    this.tookMs = [];
  }

  get lastMs(): number {
    return this.acknowledgedMs.at(-1) ?? Number.NEGATIVE_INFINITY;
  }

  async #write(writer: Writer): Promise<void> {
    const { clock } = this.#bench;
    let postId: string | undefined;
    while (!this.#stopping) {
      const begunMs = clock.nowMs();
      try {
        const text = `${writer.done + 1} `.padEnd(textBytes, 'x');
        await writer.client.post(text, postId === undefined ? {} : { postId });
      } catch (error) {
        this.failed++;
        if (error instanceof Unknown) postId = error.id;
        await clock.sleep(retryMs);
        continue;
      }
      postId = undefined;
      writer.done++;
      const nowMs = clock.nowMs();
      this.acknowledgedMs.push(nowMs);
      this.tookMs.push(nowMs - begunMs);
    }
  }

  /** Ends the posting and reads everything back. */
  async count(): Promise<Count> {
    this.#stopping = true;
    await Promise.all(this.#loops);
    const acknowledged = this.#writers.reduce((sum, { done }) => sum + done, 0);
    const seen = new Map<string, Set<number>>(this.#writers.map(({ name }) => [name, new Set()]));
    let doubled = 0;
    const take = ({ author, text }: Post): void => {
      const numbers = seen.get(author);
      const number = Number.parseInt(text, 10);
      if (numbers?.has(number)) doubled++;
      else numbers?.add(number);
    };
    const timeline = this.#reader.timeline({ after: this.#cursor ?? '', patienceMs: countMs });
    for await (const event of timeline) {
      if (event.kind === 'entry') take(event.post);
      if (event.kind === 'caught-up') break;
    }
    const kept = this.#writers.map(
      ({ name, done }) => [...(seen.get(name) ?? [])].filter((number) => number <= done).length,
    );
    return { acknowledged, doubled, lost: acknowledged - kept.reduce((sum, amount) => sum + amount, 0) };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#stopping = true;
    await Promise.all(
      [this.#reader, ...this.#writers.map(({ client }) => client)].map((client) => client.close()),
    );
    await Promise.all(this.#loops);
  }
}
