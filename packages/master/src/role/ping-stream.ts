// DualPing: this master's life line. Numbered pings go out, configurations come back.

import { type Cancel, type Clock, failureOf, type RpcChannel } from '@everline/chassis';
import { type DualPingRequest, type DualPingResponse, RouterServiceClient } from '@everline/contracts';
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
  readonly ping: number;
  readonly resolve: (epoch: number) => void;
  readonly reject: (error: unknown) => void;
}

type Duplex = ReturnType<InstanceType<typeof RouterServiceClient>['dualPing']>;

export class PingStream {
  /** Settles when the stream is over; rejects with why. */
  readonly ended: Promise<never>;
  readonly #options: PingStreamOptions;
  readonly #stream: Duplex;
  readonly #checks: Check[] = [];
  #end: (error: unknown) => void = () => undefined;
  #ping = 0;
  #answeredMs: number;
  #checkQueued = false;
  #cancel: Cancel;

  constructor(channel: RpcChannel, options: PingStreamOptions) {
    this.#options = options;
    this.ended = new Promise((_, reject) => {
      this.#end = reject;
    });
    this.ended.catch(() => undefined);
    this.#answeredMs = options.clock.nowMs();
    this.#stream = channel.client(RouterServiceClient).dualPing();
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
   * M9: the cluster's epoch as the router knows it, from an answer to a ping that is sent after this call. Callers of one turn of the loop share a ping,
   * and while one is on its way the next waits for it: a router is asked by at most one master and one ping at a time.
   */
  check(): Promise<number> {
    return new Promise((resolve, reject) => {
      this.#checks.push({ ping: this.#ping + 1, resolve, reject });
      this.#askSoon();
    });
  }

  close(error: unknown): void {
    this.#cancel();
    this.#cancel = () => undefined;
    this.#stream.cancel();
    for (const { reject } of this.#checks.splice(0)) reject(error);
    this.#end(error);
  }

  #askSoon(): void {
    if (this.#checkQueued) return;
    this.#checkQueued = true;
    this.#options.clock.soon(() => {
      this.#checkQueued = false;
      if (this.#checks.some(({ ping }) => ping > this.#ping)) this.ping();
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
    const ping = Number(answer.ping);
    while (this.#checks[0] !== undefined && this.#checks[0].ping <= ping) {
      this.#checks.shift()?.resolve(Number(answer.epoch));
    }
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
