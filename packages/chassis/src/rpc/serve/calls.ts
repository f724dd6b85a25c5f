import { status } from '@grpc/grpc-js';
import { chassisReasons, Refusal } from '../../errors.js';
import type { ServedCall, TransportCall } from './served-call.js';

export interface CallLimits {
  /** Streams open at once, over all clients. */
  readonly maxStreams: number;
  /** Unary calls in work at once, over all clients. */
  readonly maxCalls: number;
}

/** A call that can be made to end: `fail` sends the status of an error, once. */
export interface Active {
  readonly kind: 'unary' | 'stream';
  readonly context: ServedCall;
  fail(error: unknown): void;
}

/**
 * The calls that are being served: counted against the limits, and told when the process drains. HTTP/2 has a limit of streams of its own, but a client that meets it
 * waits in silence; here it is refused with a reason.
 */
export class Calls {
  readonly #limits: CallLimits;
  readonly #active = { unary: new Set<Active>(), stream: new Set<Active>() };
  #draining: Refusal | undefined;
  #whenIdle: (() => void) | undefined;

  constructor(limits: CallLimits) {
    this.#limits = limits;
  }

  /** Why one more call of this kind is refused; undefined when it is welcome. */
  refuse(kind: Active['kind']): Refusal | undefined {
    if (this.#draining !== undefined) return this.#draining;
    if (kind === 'unary') {
      return this.#active.unary.size < this.#limits.maxCalls
        ? undefined
        : full(chassisReasons.queueFull, `${this.#limits.maxCalls} calls are in work`);
    }
    return this.#active.stream.size < this.#limits.maxStreams
      ? undefined
      : full(chassisReasons.tooManyStreams, `${this.#limits.maxStreams} streams are open`);
  }

  add(call: Active): void {
    this.#active[call.kind].add(call);
  }

  remove(call: Active): void {
    if (this.#active[call.kind].delete(call) && this.count === 0) this.#whenIdle?.();
  }

  get count(): number {
    return this.#active.unary.size + this.#active.stream.size;
  }

  get streams(): number {
    return this.#active.stream.size;
  }

  /** From now on nothing is admitted, and open streams are asked to end; unary calls may finish. */
  drain(): void {
    this.#draining = new Refusal(status.UNAVAILABLE, chassisReasons.shuttingDown, 'this process is ending');
    for (const { context } of this.#active.stream) context.abort(this.#draining);
  }

  /** Ends what has not ended by itself. */
  endAll(): void {
    for (const call of [...this.#active.stream, ...this.#active.unary]) {
      call.context.abort(this.#draining);
      call.fail(this.#draining);
    }
  }

  /** Resolves when no call is left. */
  idle(): Promise<void> {
    if (this.count === 0) return Promise.resolve();
    return new Promise((resolve) => {
      this.#whenIdle = resolve;
    });
  }
}

/** Counts a stream until the transport has let go of it; `over` is called then, once. False when it was refused. */
export function admit(call: Active, transport: TransportCall, calls: Calls, over: () => void): boolean {
  const refusal = calls.refuse(call.kind);
  if (refusal !== undefined) {
    call.fail(refusal);
    return false;
  }
  calls.add(call);
  transport.once('cancelled', () => {
    calls.remove(call);
    over();
  });
  return true;
}

function full(reason: string, what: string): Refusal {
  return new Refusal(status.RESOURCE_EXHAUSTED, reason, `${what}: as many as this process serves`);
}
