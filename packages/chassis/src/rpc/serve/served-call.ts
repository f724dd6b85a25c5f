import { type Deadline, type Metadata, status } from '@grpc/grpc-js';
import type { Clock } from '../../clock.js';
import { CallEnded } from '../../errors.js';
import type { CallContext } from '../handlers.js';

/** What all four shapes of grpc-js server calls have in common. */
export interface TransportCall {
  readonly cancelled: boolean;
  readonly metadata: Metadata;
  getPeer(): string;
  getDeadline(): Deadline;
  getPath(): string;
  once(event: 'cancelled', listener: () => void): unknown;
}

/** One call that is being served, seen by its handler. Cheap to make: most unary calls never look at their signal or deadline. */
export class ServedCall implements CallContext {
  readonly #call: TransportCall;
  readonly #clock: Clock;
  #controller: AbortController | undefined;
  #aborted: { readonly reason: unknown } | undefined;
  #onAborted: ((reason: unknown) => void) | undefined;
  #over = false;

  constructor(call: TransportCall, clock: Clock) {
    this.#call = call;
    this.#clock = clock;
  }

  get signal(): AbortSignal {
    if (this.#controller === undefined) {
      this.#controller = new AbortController();
      if (this.#aborted !== undefined) this.#controller.abort(this.#aborted.reason);
      else if (this.#call.cancelled) this.callerGone();
      else this.#call.once('cancelled', () => this.callerGone());
    }
    return this.#controller.signal;
  }

  get deadlineMs(): number | undefined {
    const wallMs = Number(this.#call.getDeadline());
    return Number.isFinite(wallMs) ? this.#clock.nowMs() + wallMs - this.#clock.wallMs() : undefined;
  }

  get metadata(): Metadata {
    return this.#call.metadata;
  }

  get peer(): string {
    return this.#call.getPeer();
  }

  get method(): string {
    return this.#call.getPath();
  }

  get aborted(): boolean {
    if (this.#aborted === undefined && this.#call.cancelled) this.callerGone();
    return this.#aborted !== undefined;
  }

  get reason(): unknown {
    return this.aborted ? this.#aborted?.reason : undefined;
  }

  /** The call listens to its own end already: only who asks for a signal listens once more. */
  onAborted(fn: (reason: unknown) => void): void {
    this.#onAborted = fn;
    if (this.aborted) fn(this.reason);
  }

  /** The status was sent: what the transport says from now on is no cancellation. */
  finish(): void {
    this.#over = true;
  }

  get over(): boolean {
    return this.#over;
  }

  /** The transport says so at the end of every call, answered ones too. */
  callerGone(): void {
    if (this.#over) return;
    const late = Number(this.#call.getDeadline()) <= this.#clock.wallMs();
    this.abort(new CallEnded(late ? status.DEADLINE_EXCEEDED : status.CANCELLED));
  }

  abort(reason: unknown): void {
    if (this.#over || this.#aborted !== undefined) return;
    this.#aborted = { reason };
    this.#controller?.abort(reason);
    this.#onAborted?.(reason);
  }
}
