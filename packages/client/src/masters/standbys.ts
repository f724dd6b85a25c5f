import type { RpcChannel } from '@everline/chassis/channel';
import type { Clock } from '@everline/chassis/clock';
import type { Random } from '@everline/chassis/random';
import { bounds, times } from '../times.js';
import { Standby } from './standby.js';

/** A warm connection to every master that may become the available one, so that a failover has to make none. */
export class Standbys implements Disposable {
  readonly #parts: { readonly clock: Clock; readonly random: Random };
  readonly #warm = new Map<string, Standby>();
  #addresses: readonly string[] = [];
  /** The available master's connection is the switch's own. */
  #available = '';
  #closed = false;

  constructor(parts: { clock: Clock; random: Random }) {
    this.#parts = parts;
  }

  /** Addresses with a connection that stands. */
  get ready(): readonly string[] {
    return [...this.#warm].filter(([, standby]) => standby.channel !== undefined).map(([address]) => address);
  }

  /** Of the one that most likely serves next: the first in the routers' order (R3). */
  get next(): RpcChannel | undefined {
    for (const address of this.#addresses) {
      const channel = this.#warm.get(address)?.channel;
      if (channel !== undefined) return channel;
    }
    return undefined;
  }

  /** The masters there are, as a router lists them. */
  want(addresses: readonly string[]): void {
    this.#addresses = addresses.slice(0, bounds.standbys);
    this.#settle();
  }

  /** This one is the available master from here on: hands over its connection, made or in the making, if there is one. */
  take(address: string): RpcChannel | undefined {
    const channel = this.#warm.get(address)?.take();
    this.#warm.delete(address);
    const former = this.#available;
    this.#available = address;
    this.#settle(former);
    return channel;
  }

  [Symbol.dispose](): void {
    this.#closed = true;
    for (const standby of this.#warm.values()) standby[Symbol.dispose]();
    this.#warm.clear();
  }

  #settle(former?: string): void {
    if (this.#closed) return;
    const wanted = new Set(this.#addresses.filter((address) => address !== this.#available));
    for (const [address, standby] of this.#warm) {
      if (wanted.has(address)) continue;
      this.#warm.delete(address);
      standby[Symbol.dispose]();
    }
    for (const address of wanted) {
      if (this.#warm.has(address)) continue;
      const firstMs = address === former ? times.formerMs * (1 + this.#parts.random.next()) : 0;
      this.#warm.set(address, new Standby(address, this.#parts, firstMs));
    }
  }
}
