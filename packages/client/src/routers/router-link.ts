import {
  type Cancel,
  type Clock,
  openChannel,
  type Random,
  type RpcChannel,
  refusalOf,
} from '@everline/chassis';
import { RouterServiceClient, type WatchAvailableResponse } from '@everline/contracts';
import { type ClientReadableStream, Metadata, type ServiceError } from '@grpc/grpc-js';
import { retryPauseMs } from '../calls/retry-plan.js';
import type { Sight } from '../masters/sight.js';
import { times } from '../times.js';

type State =
  | { readonly kind: 'pausing'; readonly stop: Cancel }
  | { readonly kind: 'connecting'; readonly channel: RpcChannel }
  | {
      readonly kind: 'watching';
      readonly channel: RpcChannel;
      readonly stub: RouterServiceClient;
      readonly stop: Cancel;
    }
  | { readonly kind: 'closed' };

/** A router's word, and whether it came by its push or because it was asked. */
export interface LinkParts {
  readonly clock: Clock;
  readonly random: Random;
  readonly onSight: (sight: Sight) => void;
  /** There is a connection again: calls may be sent. */
  readonly onConnected: () => void;
}

/**
 * One router: its watch is kept open, and opened again after a pause whenever it ends. A frozen router is noticed by keepalive, a watch
 * that died silently by asking now and then. The router's death disturbs nobody: what it said last stays true until somebody says more.
 */
export class RouterLink implements Disposable {
  readonly address: string;
  readonly #parts: LinkParts;
  #state: State;
  #failures = 0;
  /** The newest epoch that the watch has told. */
  #watchedEpoch = -1;
  #asking = false;
  #lateWatch: Cancel | undefined;
  /** What is wrong with it, for whoever waits in vain; empty: nothing. */
  trouble = 'no answer yet';

  constructor(address: string, parts: LinkParts) {
    this.address = address;
    this.#parts = parts;
    this.#state = this.#connect();
  }

  /** For calls to this router; undefined while there is no connection. */
  get stub(): RouterServiceClient | undefined {
    return this.#state.kind === 'watching' ? this.#state.stub : undefined;
  }

  /** Asks who serves, now; the answer comes as a sight. At most one question is open. */
  ask(): void {
    const state = this.#state;
    if (state.kind !== 'watching' || this.#asking) return;
    this.#asking = true;
    const deadline = this.#parts.clock.wallMs() + times.routerCallMs;
    state.stub.getAvailable({}, new Metadata(), { deadline }, (error, answer) => {
      this.#asking = false;
      if (this.#state !== state) return;
      if (error !== null) return this.#unanswered(state, error);
      const epoch = Number(answer.epoch);
      this.#parts.onSight({ epoch, address: answer.address, from: 'router' });
      this.#expectOnWatch(state, epoch);
    });
  }

  [Symbol.dispose](): void {
    const old = this.#state;
    this.#state = { kind: 'closed' };
    this.#lateWatch?.();
    end(old);
  }

  #connect(): State {
    const channel = openChannel(this.address, times.routerKeepalive);
    const connecting: State = { kind: 'connecting', channel };
    channel.ready(times.connectMs).then(
      () => {
        if (this.#state === connecting) this.#watch(channel);
      },
      (error: unknown) => this.#lose(connecting, error instanceof Error ? error.message : String(error)),
    );
    return connecting;
  }

  #watch(channel: RpcChannel): void {
    const stub = channel.client(RouterServiceClient);
    const stream = stub.watchAvailable({});
    const { clock, random } = this.#parts;
    const tooLate = clock.after(times.watchFirstMs, () =>
      this.#lose(watching, 'silent since the connection was made'),
    );
    const poll = clock.every(times.routerPollMs * (0.8 + 0.4 * random.next()), () => this.ask());
    const stop = (): void => {
      tooLate();
      poll();
      stream.cancel();
    };
    const watching: State = { kind: 'watching', channel, stub, stop };
    this.#state = watching;
    this.#watchedEpoch = -1;
    this.#listen(stream, watching, tooLate);
    // Answers although the watch may not be served.
    if (this.#failures > 0) this.ask();
    this.#parts.onConnected();
  }

  #listen(stream: ClientReadableStream<WatchAvailableResponse>, watching: State, heard: Cancel): void {
    stream.on('data', (said: WatchAvailableResponse) => {
      if (this.#state !== watching) return;
      heard();
      this.#failures = 0;
      this.trouble = '';
      this.#watchedEpoch = Number(said.epoch);
      // The answer to a question also says whom it waits for.
      if (said.address === '') this.ask();
      this.#parts.onSight({ epoch: this.#watchedEpoch, address: said.address, from: 'router' });
    });
    stream.on('error', (error: ServiceError) => this.#lose(watching, error.details));
    stream.on('end', () => this.#lose(watching, 'the watch was ended'));
  }

  #unanswered(state: State, error: ServiceError): void {
    const refusal = refusalOf(error);
    if (refusal === undefined) return this.#lose(state, error.details);
    const waitsFor = refusal.metadata['waits_for'];
    this.trouble = waitsFor === undefined ? refusal.message : `${refusal.message} (waits for ${waitsFor})`;
  }

  #expectOnWatch(state: State, epoch: number): void {
    if (epoch <= this.#watchedEpoch) return;
    this.#lateWatch?.();
    this.#lateWatch = this.#parts.clock.after(times.watchLagMs, () => {
      if (epoch > this.#watchedEpoch) this.#lose(state, 'its watch says nothing of the newest epoch');
    });
  }

  #lose(state: State, why: string): void {
    if (this.#state !== state || state.kind === 'closed') return;
    const pauseMs = retryPauseMs(this.#failures++, this.#parts.random);
    this.trouble = why;
    const stop = this.#parts.clock.after(pauseMs, () => {
      this.#state = this.#connect();
    });
    this.#state = { kind: 'pausing', stop };
    end(state);
  }
}

function end(state: State): void {
  if (state.kind === 'watching') state.stop();
  if (state.kind === 'pausing') state.stop();
  if (state.kind === 'connecting' || state.kind === 'watching') state.channel[Symbol.dispose]();
}
