import { type OpenTimeline, SnsServiceClient } from '@everline/contracts';
import type { Context } from '../context.js';
import { times } from '../times.js';
import type { TimelineCall } from './live-stream.js';

interface Lying {
  readonly address: string;
  readonly call: TimelineCall;
}

/**
 * A stream that lies ready at the master that most likely serves next: it waits there, so that after a failover none has to be opened, which costs
 * both sides most of what they do then.
 */
export class Ahead implements Disposable {
  readonly #context: Context;
  readonly #opening: OpenTimeline;
  #lying: Lying | undefined;
  #dueMs = Number.NEGATIVE_INFINITY;

  constructor(context: Context, opening: OpenTimeline) {
    this.#context = context;
    this.#opening = opening;
  }

  /** To be called at any time and often: looks after it every `times.aheadMs`. */
  keep(): void {
    const { clock, standbys, home } = this.#context;
    const nowMs = clock.nowMs();
    if (nowMs < this.#dueMs) return;
    this.#dueMs = nowMs + times.aheadMs;
    const next = standbys.next;
    if (next === undefined || next.address === this.#lying?.address) return;
    this[Symbol.dispose]();
    const call = next.client(SnsServiceClient).timeline(home.metadata);
    const lying = { address: next.address, call };
    this.#lying = lying;
    const drop = (): void => {
      if (this.#lying !== lying) return;
      this.#lying = undefined;
      this.#dueMs = clock.nowMs() + times.aheadPauseMs;
    };
    call.on('error', drop);
    call.on('end', drop);
    call.write({ request: { $case: 'open', value: this.#opening } });
  }

  /** Hands it over, if it lies there. */
  take(address: string): TimelineCall | undefined {
    if (this.#lying?.address !== address) return undefined;
    const { call } = this.#lying;
    this.#lying = undefined;
    return call;
  }

  [Symbol.dispose](): void {
    this.#lying?.call.cancel();
    this.#lying = undefined;
  }
}
