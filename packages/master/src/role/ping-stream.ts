// DualPing: this master's life line. Numbered pings go out, configurations come back.

import { type Cancel, type Clock, failureOf } from '@everline/chassis';
import type { DualPingRequest, DualPingResponse, RouterServiceClient } from '@everline/contracts';
import type { ServiceError } from '@grpc/grpc-js';

export interface PingStreamOptions {
  readonly clock: Clock;
  readonly pingMs: number;
  /** Without an answer for so long the stream is given up. */
  readonly silenceMs: number;
  readonly compose: (ping: number) => DualPingRequest;
  readonly onAnswer: (answer: DualPingResponse) => void;
}

interface Check {
  readonly resolve: (epoch: number) => void;
  readonly reject: (error: unknown) => void;
}

type Duplex = ReturnType<RouterServiceClient['dualPing']>;

export class PingStream {
  /** Settles when the stream is over; rejects with why. */
  readonly ended: Promise<never>;
  readonly #options: PingStreamOptions;
  readonly #stream: Duplex;
  #asking: { readonly ping: number; readonly checks: readonly Check[] } | undefined;
  readonly #waiting: Check[] = [];
  #end: (error: unknown) => void = () => undefined;
  #ping = 0;
  #answeredMs: number;
  #askQueued = false;
  #cancel: Cancel;

  constructor(client: RouterServiceClient, options: PingStreamOptions) {
    this.#options = options;
    this.ended = new Promise((_, reject) => {
      this.#end = reject;
    });
    this.ended.catch(() => undefined);
    this.#answeredMs = options.clock.nowMs();
    this.#stream = client.dualPing();
    this.#stream.on('data', (answer: DualPingResponse) => this.#guarded(() => this.#take(answer)));
    this.#stream.on('error', (error: ServiceError) => this.close(failureOf(error)));
    this.#stream.on('end', () => this.close(new Error('the router ended the stream')));
    this.#cancel = options.clock.every(options.pingMs, () => this.#guarded(() => this.#beat()));
    this.ping();
  }

  /** Tells the router at once what has changed. */
  ping(): void {
    this.#stream.write(this.#options.compose(++this.#ping));
  }

  /**
   * M9: the cluster's epoch as the router knows it, from an answer to a ping that is sent after this call. One such ping is on its way at a time;
   * whoever comes meanwhile shares the next.
   */
  check(): Promise<number> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ resolve, reject });
      if (this.#asking === undefined) this.#askSoon();
    });
  }

  close(error: unknown): void {
    this.#cancel();
    this.#cancel = () => undefined;
    this.#stream.cancel();
    for (const { reject } of [...(this.#asking?.checks ?? []), ...this.#waiting.splice(0)]) reject(error);
    this.#asking = undefined;
    this.#end(error);
  }

  #askSoon(): void {
    if (this.#askQueued) return;
    this.#askQueued = true;
    this.#options.clock.soon(() => {
      this.#askQueued = false;
      if (this.#waiting.length === 0) return;
      this.ping();
      this.#asking = { ping: this.#ping, checks: this.#waiting.splice(0) };
    });
  }

  #beat(): void {
    const { clock, silenceMs } = this.#options;
    const silentMs = clock.nowMs() - this.#answeredMs;
    if (silentMs > silenceMs)
      this.close(new Error(`the router has been silent for ${Math.round(silentMs)} ms`));
    else this.ping();
  }

  #take(answer: DualPingResponse): void {
    this.#answeredMs = this.#options.clock.nowMs();
    this.#options.onAnswer(answer);
    const asking = this.#asking;
    if (asking === undefined || asking.ping > Number(answer.ping)) return;
    this.#asking = undefined;
    for (const { resolve } of asking.checks) resolve(Number(answer.epoch));
    if (this.#waiting.length > 0) this.#askSoon();
  }

  /** A throw in a listener would end the process. */
  #guarded(run: () => void): void {
    try {
      run();
    } catch (error) {
      this.close(error);
    }
  }
}
