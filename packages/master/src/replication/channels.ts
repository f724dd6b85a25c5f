// A warm channel to every other master, so that nobody has to dial first when the role moves.

import {
  type Backoff,
  type Cancel,
  type Clock,
  createBackoff,
  openChannel,
  type Random,
  type RpcChannel,
  RpcFailed,
} from '@everline/chassis';
import { status } from '@grpc/grpc-js';

export interface ChannelsOptions {
  readonly clock: Clock;
  readonly random: Random;
  /** A connection there was refused just now. */
  readonly onRefused: (address: string) => void;
}

interface Warm {
  channel: RpcChannel;
  readonly backoff: Backoff;
  cancel: Cancel;
}

export class Channels implements Disposable {
  readonly #options: ChannelsOptions;
  readonly #warm = new Map<string, Warm>();

  constructor(options: ChannelsOptions) {
    this.#options = options;
  }

  /** Keeps these warm, and no others. */
  retain(addresses: readonly string[]): void {
    for (const [address, warm] of [...this.#warm]) {
      if (!addresses.includes(address)) this.#drop(address, warm);
    }
    for (const address of addresses) this.to(address);
  }

  /** The channel to this address as it is, dialled or being dialled. */
  to(address: string): RpcChannel {
    const known = this.#warm.get(address);
    if (known !== undefined) return known.channel;
    const channel = openChannel(address);
    const warm: Warm = { channel, backoff: createBackoff(this.#options.random), cancel: () => undefined };
    this.#warm.set(address, warm);
    this.#watch(address, warm);
    return channel;
  }

  /** Dials anew at once whatever is not connected: the next one to ask wants to know now. */
  probe(): void {
    for (const [address, { channel }] of [...this.#warm])
      if (channel.state() !== 'ready') this.renew(address);
  }

  /** Throws the channel away at the first doubt, and dials anew at once. */
  renew(address: string): RpcChannel {
    const warm = this.#warm.get(address);
    if (warm !== undefined) this.#drop(address, warm);
    return this.to(address);
  }

  [Symbol.dispose](): void {
    for (const [address, warm] of [...this.#warm]) this.#drop(address, warm);
  }

  #watch(address: string, warm: Warm): void {
    const { clock } = this.#options;
    const { channel } = warm;
    channel.ready(dialMs).then(
      () => warm.backoff.reset(),
      (error: unknown) => {
        const refused = error instanceof RpcFailed && error.code === status.UNAVAILABLE;
        if (refused && this.#warm.get(address) === warm) this.#options.onRefused(address);
      },
    );
    const off = channel.onBroken(() => {
      if (this.#warm.get(address) !== warm || warm.channel !== channel) return;
      warm.cancel = clock.after(warm.backoff.nextMs(), () => {
        if (this.#warm.get(address) !== warm || warm.channel !== channel) return;
        channel[Symbol.dispose]();
        warm.channel = openChannel(address);
        this.#watch(address, warm);
      });
    });
    warm.cancel = off;
  }

  #drop(address: string, warm: Warm): void {
    this.#warm.delete(address);
    warm.cancel();
    warm.channel[Symbol.dispose]();
  }
}

const dialMs = 1000;
