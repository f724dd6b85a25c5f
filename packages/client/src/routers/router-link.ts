import { openChannel, type RpcChannel } from '@everline/chassis/channel';
import type { Cancel, Clock } from '@everline/chassis/clock';
import { refusalOf } from '@everline/chassis/errors';
import type { Random } from '@everline/chassis/random';
import {
  type GetAvailableResponse,
  RouterServiceClient,
  type WatchAvailableResponse,
} from '@everline/contracts';
import { retryPauseMs, type Sight } from '@everline/protocol/caller';
import { Metadata, type ServiceError } from '@grpc/grpc-js';
import { judge } from '../calls/judgement.js';
import type { Home } from '../cluster/home.js';
import { times } from '../times.js';
import { troubleOf } from '../wire/trouble-of.js';

interface Connected {
  readonly kind: 'connected';
  readonly channel: RpcChannel;
  readonly stub: RouterServiceClient;
  /** Ends the watch, or the pause before the next one. */
  stopWatch: Cancel;
  readonly stopPoll: Cancel;
  /** The newest epoch that this watch has told. */
  watchedEpoch: number;
  stopLate: Cancel;
}

type State =
  | { readonly kind: 'pausing'; readonly stop: Cancel }
  | { readonly kind: 'connecting'; readonly channel: RpcChannel }
  | Connected
  | { readonly kind: 'closed' };

export interface LinkParts {
  readonly clock: Clock;
  readonly random: Random;
  /** How often it is asked although it would push. */
  readonly pollMs: number;
  readonly home: Home;
  readonly onSight: (sight: Sight) => void;
  /** There is a connection again: calls may be sent. */
  readonly onConnected: () => void;
}

const nothing = (): void => {};

/**
 * One router: its watch is kept open, and opened again after a pause whenever it ends. A frozen router, and a watch
 * that died silently, are found by asking now and then. Its death disturbs nobody: what it said last stays true until somebody says more.
 */
export class RouterLink implements Disposable {
  readonly address: string;
  readonly #parts: LinkParts;
  #state: State;
  #failures = 0;
  #asking = false;
  /** What is wrong with it, for whoever waits in vain; empty: nothing. */
  trouble = 'no answer yet';

  constructor(address: string, parts: LinkParts) {
    this.address = address;
    this.#parts = parts;
    this.#state = this.#connect();
  }

  /** For calls to this router; undefined while there is no connection. */
  get stub(): RouterServiceClient | undefined {
    return this.#state.kind === 'connected' ? this.#state.stub : undefined;
  }

  /** Asks who serves, now; the answer comes as a sight. At most one question is open. */
  ask(): void {
    const state = this.#state;
    if (state.kind !== 'connected' || this.#asking) return;
    this.#asking = true;
    const deadline = this.#parts.clock.wallMs() + times.routerCallMs;
    state.stub.getAvailable({}, new Metadata(), { deadline }, (error, answer) => {
      this.#asking = false;
      if (this.#state !== state) return;
      if (error !== null) this.#unanswered(state, error);
      else this.#answered(state, answer);
    });
  }

  [Symbol.dispose](): void {
    const old = this.#state;
    this.#state = { kind: 'closed' };
    end(old);
  }

  #connect(): State {
    const channel = openChannel(this.address);
    const connecting: State = { kind: 'connecting', channel };
    channel.ready(times.connectMs).then(
      () => {
        if (this.#state === connecting) this.#connected(channel);
      },
      (error: unknown) => this.#lose(connecting, troubleOf(error)),
    );
    return connecting;
  }

  #connected(channel: RpcChannel): void {
    const { clock, random, onConnected, pollMs } = this.#parts;
    const state: Connected = {
      kind: 'connected',
      channel,
      stub: channel.client(RouterServiceClient),
      stopWatch: nothing,
      // Jittered, so that clients that came together do not ask together for ever.
      stopPoll: clock.every(pollMs * (0.8 + 0.4 * random.next()), () => this.ask()),
      watchedEpoch: -1,
      stopLate: nothing,
    };
    this.#state = state;
    this.#watch(state);
    onConnected();
  }

  #watch(state: Connected): void {
    const stream = state.stub.watchAvailable({});
    const silent = this.#parts.clock.after(times.watchFirstMs, () =>
      this.#lose(state, 'silent since the connection was made'),
    );
    const stop = (): void => {
      silent();
      stream.cancel();
    };
    state.stopWatch = stop;
    const mine = (): boolean => this.#state === state && state.stopWatch === stop;
    stream.on('data', (said: WatchAvailableResponse) => {
      if (!mine()) return;
      silent();
      this.#pushed(state, said);
    });
    stream.on('error', (error: ServiceError) => {
      if (mine()) this.#watchEnded(state, error);
    });
    stream.on('end', () => {
      if (mine()) this.#lose(state, 'the watch was ended');
    });
  }

  #pushed(state: Connected, { epoch, address, clusterId }: WatchAvailableResponse): void {
    if (this.#isForeign(state, clusterId)) return;
    this.#failures = 0;
    this.trouble = '';
    state.watchedEpoch = Number(epoch);
    this.#parts.onSight({ epoch: state.watchedEpoch, address, from: 'router' });
    // The answer to a question also says whom it waits for.
    if (address === '') this.ask();
  }

  /** A router that lives and does not serve the watch is asked at every try to watch. */
  #watchEnded(state: Connected, error: ServiceError): void {
    const refusal = refusalOf(error);
    if (refusal === undefined && judge({ kind: 'failed', code: error.code }).doubt) {
      this.#lose(state, error.details);
      return;
    }
    state.stopWatch();
    this.trouble = error.details;
    const pauseMs = retryPauseMs(this.#failures++, this.#parts.random, refusal?.retryAfterMs);
    state.stopWatch = this.#parts.clock.after(pauseMs, () => this.#watch(state));
    this.ask();
  }

  #answered(state: Connected, answer: GetAvailableResponse): void {
    const { address, clusterId } = answer;
    const epoch = Number(answer.epoch);
    if (this.#isForeign(state, clusterId)) return;
    this.#parts.onSight({ epoch, address, from: 'router' });
    if (epoch <= state.watchedEpoch) return;
    // The watch should have told; it may be late, but not for long.
    state.stopLate();
    state.stopLate = this.#parts.clock.after(times.watchLagMs, () => {
      const told = epoch <= state.watchedEpoch;
      if (!told && state.watchedEpoch >= 0) this.#lose(state, 'its watch says nothing of the newest epoch');
    });
  }

  /** Its port is used again. It is tried anew, for our own router may come back. */
  #isForeign(state: Connected, clusterId: string): boolean {
    const { home } = this.#parts;
    if (home.admits(clusterId)) return false;
    this.#lose(state, home.foreign(clusterId));
    return true;
  }

  #unanswered(state: Connected, error: ServiceError): void {
    const refusal = refusalOf(error);
    if (refusal === undefined) {
      this.#lose(state, error.details);
      return;
    }
    const { waits_for: waitsFor } = refusal.metadata;
    this.trouble = waitsFor === undefined ? refusal.message : `${refusal.message} (waits for ${waitsFor})`;
  }

  #lose(state: State, why: string): void {
    if (this.#state !== state || state.kind === 'closed') return;
    this.trouble = why;
    const pauseMs = retryPauseMs(this.#failures++, this.#parts.random);
    const stop = this.#parts.clock.after(pauseMs, () => {
      this.#state = this.#connect();
    });
    this.#state = { kind: 'pausing', stop };
    end(state);
  }
}

function end(state: State): void {
  if (state.kind === 'pausing') state.stop();
  if (state.kind === 'connected') {
    state.stopWatch();
    state.stopPoll();
    state.stopLate();
  }
  if (state.kind === 'connecting' || state.kind === 'connected') state.channel[Symbol.dispose]();
}
