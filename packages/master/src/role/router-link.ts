// The link to the router, for as long as this process lives: register, ping, and again (M11: without it everything goes on but changes).
import {
  type Clock,
  createBackoff,
  ExitWith,
  type Log,
  openChannel,
  type Random,
  Refusal,
} from '@everline/chassis';
import {
  type AddMasterRequest,
  type AddMasterResponse,
  type DualPingRequest,
  type DualPingResponse,
  RouterServiceClient,
} from '@everline/contracts';
import { hopeless } from '../errors.js';
import { PingStream } from './ping-stream.js';
import { register } from './register.js';

export interface RouterLinkOptions {
  readonly routers: readonly string[];
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Log;
  readonly pingMs: number;
  readonly silenceMs: number;
  readonly composeRegistration: () => AddMasterRequest;
  readonly composePing: (ping: number) => DualPingRequest;
  /** Resolves when what must be kept of it is kept (R9). */
  readonly onRegistered: (answer: AddMasterResponse) => Promise<void>;
  readonly onAnswer: (answer: DualPingResponse) => void;
}

/** For the connection alone: a router that hangs still accepts one. */
const dialMs = 1000;
/** Well above the time in which the router notices that a former process is gone. */
const takenMs = 5000;
const takenReasons: readonly string[] = ['DUPLICATE_INCARNATION', 'ADDRESS_TAKEN'];

export class RouterLink implements AsyncDisposable {
  /** Rejects with ExitWith when no later try can help. */
  readonly hopeless: Promise<never>;
  readonly #options: RouterLinkOptions;
  readonly #stop = new AbortController();
  #giveUp: (error: unknown) => void = () => undefined;
  #live: { readonly client: RouterServiceClient; readonly pings: PingStream } | undefined;
  #running: Promise<void> = Promise.resolve();
  #takenSinceMs: number | undefined;

  constructor(options: RouterLinkOptions) {
    this.#options = options;
    this.hopeless = new Promise((_, reject) => {
      this.#giveUp = reject;
    });
    this.hopeless.catch(() => undefined);
  }

  begin(): void {
    this.#running = this.#run(this.#stop.signal);
  }

  /** Of the present link; undefined while there is none. */
  get client(): RouterServiceClient | undefined {
    return this.#live?.client;
  }

  /** Tells the router at once, if it is there. */
  ping(): void {
    this.#live?.pings.ping();
  }

  /** M9: the cluster's epoch, asked for after this call. Rejects when the router cannot be asked. */
  check(): Promise<number> {
    return this.#live === undefined
      ? Promise.reject(new Error('no link to a router'))
      : this.#live.pings.check();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#stop.abort();
    this.#live?.pings.close(new Error('this process is ending'));
    await this.#running;
  }

  async #run(stop: AbortSignal): Promise<void> {
    const { routers, clock, random, log } = this.#options;
    const backoff = createBackoff(random);
    for (let nth = 0; !stop.aborted; nth++) {
      const address = routers[nth % routers.length] ?? '';
      try {
        await clock.sleep(backoff.nextMs(), stop);
        await this.#link(address, stop, () => backoff.reset());
      } catch (error) {
        if (stop.aborted) return;
        if (error instanceof ExitWith) return this.#giveUp(error);
        if (this.#standsInTheWay(error))
          return this.#giveUp(hopeless(`the router refuses this master: ${String(error)}`, error));
        if (backoff.attempts <= 2)
          log.warn({ router: address, why: String(error) }, 'no link to the router; the work goes on');
      }
    }
  }

  /** Another process lives under this id or at this address: right after a restart that is the former self, later it is not. */
  #standsInTheWay(error: unknown): boolean {
    const taken = error instanceof Refusal && takenReasons.includes(error.reason);
    const nowMs = this.#options.clock.nowMs();
    this.#takenSinceMs = taken ? (this.#takenSinceMs ?? nowMs) : undefined;
    return this.#takenSinceMs !== undefined && nowMs - this.#takenSinceMs > takenMs;
  }

  /** One link, from the dial to its end. */
  async #link(address: string, stop: AbortSignal, onRegistered: () => void): Promise<void> {
    const {
      clock,
      log,
      pingMs,
      silenceMs,
      composeRegistration,
      composePing: compose,
      onAnswer,
    } = this.#options;
    using channel = openChannel(address);
    await channel.ready(dialMs);
    const client = channel.client(RouterServiceClient);
    const answer = await register(client, address, composeRegistration(), stop);
    await this.#options.onRegistered(answer);
    if (stop.aborted) return;
    onRegistered();
    const pings = new PingStream(client, { clock, pingMs, silenceMs, compose, onAnswer });
    this.#live = { client, pings };
    log.info({ router: address }, 'registered with the router');
    try {
      await pings.ended;
    } finally {
      this.#live = undefined;
    }
  }
}
