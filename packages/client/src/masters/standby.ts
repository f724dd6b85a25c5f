import { openChannel, type RpcChannel } from '@everline/chassis/channel';
import type { Cancel, Clock } from '@everline/chassis/clock';
import type { Random } from '@everline/chassis/random';
import { times } from '../times.js';

/** After so many failures in a row, some seconds, it is taken to be gone for longer. */
const patientFailures = 25;

type State =
  | { readonly kind: 'pausing'; readonly stop: Cancel }
  | { readonly kind: 'connecting' | 'ready'; readonly channel: RpcChannel }
  | { readonly kind: 'ended' };

/** A connection kept warm: thrown away at the first doubt, and made anew after a pause. */
export class Standby implements Disposable {
  readonly #address: string;
  readonly #clock: Clock;
  readonly #random: Random;
  #state: State;

  constructor(address: string, parts: { clock: Clock; random: Random }, firstMs = 0) {
    this.#address = address;
    this.#clock = parts.clock;
    this.#random = parts.random;
    this.#state = firstMs === 0 ? this.#connect(0) : this.#pause(firstMs, 0);
  }

  /** Its connection, when it stands; still this one's own. */
  get channel(): RpcChannel | undefined {
    return this.#state.kind === 'ready' ? this.#state.channel : undefined;
  }

  /** Hands over its connection and ends; the caller owns it from here on. */
  take(): RpcChannel | undefined {
    const state = this.#state;
    this.#state = { kind: 'ended' };
    if (state.kind === 'pausing') state.stop();
    return state.kind === 'ready' || state.kind === 'connecting' ? state.channel : undefined;
  }

  [Symbol.dispose](): void {
    this.take()?.[Symbol.dispose]();
  }

  #connect(failures: number): State {
    const channel = openChannel(this.#address, times.masterKeepalive);
    const connecting: State = { kind: 'connecting', channel };
    const ready: State = { kind: 'ready', channel };
    channel.ready(times.connectMs).then(
      () => {
        if (this.#state !== connecting) return;
        this.#state = ready;
        channel.onBroken(() => this.#lose(ready, channel, 0));
      },
      () => this.#lose(connecting, channel, failures + 1),
    );
    return connecting;
  }

  #lose(state: State, channel: RpcChannel, failures: number): void {
    if (this.#state !== state) return;
    channel[Symbol.dispose]();
    const spread = this.#random.next();
    const pauseMs =
      failures < patientFailures ? times.standbyRestartMs * (0.5 + spread) : times.standbyPauseMs * spread;
    this.#state = this.#pause(pauseMs, failures);
  }

  #pause(pauseMs: number, failures: number): State {
    const stop = this.#clock.after(pauseMs, () => {
      this.#state = this.#connect(failures);
    });
    return { kind: 'pausing', stop };
  }
}
