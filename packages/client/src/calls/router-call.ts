import type { Cancel } from '@everline/chassis/clock';
import { refusalOf } from '@everline/chassis/errors';
import type { RouterServiceClient } from '@everline/contracts';
import { retryPauseMs } from '@everline/protocol/caller';
import { type ClientUnaryCall, Metadata, type ServiceError } from '@grpc/grpc-js';
import type { CallOptions } from '../client.js';
import type { Context } from '../context.js';
import { Closed, Unknown, Unreachable } from '../errors.js';
import { times } from '../times.js';
import { judge } from './judgement.js';
import { refusedBy } from './refused-by.js';

/** One call to a router, whichever is connected. */
export interface RouterCommand<Response> {
  /** What a repetition would do again, so that it is sent once at most and may end as `Unknown`. Undefined: it only reads. */
  readonly once: string | undefined;
  readonly send: (
    router: RouterServiceClient,
    metadata: Metadata,
    options: { readonly deadline: number },
    done: (error: ServiceError | null, response: Response) => void,
  ) => ClientUnaryCall;
}

export function callRouter<Response>(
  context: Context,
  command: RouterCommand<Response>,
  options: CallOptions = {},
): Promise<Response> {
  return new Promise((resolve, reject) => {
    const { clock, lifetime } = context;
    if (lifetime.closed) return reject(new Closed());
    const { signal, timeoutMs = context.timeoutMs } = options;
    if (signal?.aborted) return reject(signal.reason);
    const end = (settle: () => void): void => {
      stops.splice(0).map((stop) => stop());
      call.stop();
      settle();
    };
    const call = new RouterCall(context, command, timeoutMs, {
      resolve: (response) => end(() => resolve(response)),
      reject: (error) => end(() => reject(error)),
    });
    const abort = (): void => end(() => reject(signal?.reason));
    signal?.addEventListener('abort', abort);
    const stops: Cancel[] = [
      clock.after(timeoutMs, () => end(() => reject(call.expired()))),
      lifetime.onClose((why) => end(() => reject(why))),
      () => signal?.removeEventListener('abort', abort),
    ];
    call.step();
  });
}

const nothing = (): void => {};

class RouterCall<Response> {
  readonly #context: Context;
  readonly #command: RouterCommand<Response>;
  readonly #settle: { resolve: (response: Response) => void; reject: (error: unknown) => void };
  readonly #endMs: number;
  readonly #timeoutMs: number;
  #retries = 0;
  #sent = false;
  #said = '';
  #over = false;
  #stopWaiting: Cancel = nothing;

  constructor(
    context: Context,
    command: RouterCommand<Response>,
    timeoutMs: number,
    settle: { resolve: (response: Response) => void; reject: (error: unknown) => void },
  ) {
    this.#context = context;
    this.#command = command;
    this.#settle = settle;
    this.#timeoutMs = timeoutMs;
    this.#endMs = context.clock.nowMs() + timeoutMs;
  }

  readonly step = (): void => {
    const { clock, routers } = this.#context;
    const stubs = routers.stubs;
    const stub = stubs[this.#retries % Math.max(1, stubs.length)];
    if (stub === undefined) {
      this.#stopWaiting = routers.whenConnected(this.step);
      return;
    }
    const leftMs = this.#endMs - clock.nowMs();
    // What must not be repeated may take as long as there is.
    const tryMs = this.#command.once === undefined ? Math.min(times.routerCallMs, leftMs) : leftMs;
    this.#sent = true;
    const call = this.#command.send(
      stub,
      new Metadata(),
      { deadline: clock.wallMs() + tryMs },
      (error, response) => {
        if (this.#over) return;
        if (error === null) this.#settle.resolve(response);
        else this.#failed(error);
      },
    );
    this.#stopWaiting = () => call.cancel();
  };

  stop(): void {
    this.#over = true;
    this.#stopWaiting();
  }

  expired(): Error {
    const waitedFor = `an answer of a router (${this.#said === '' ? this.#context.routers.trouble : this.#said})`;
    const facts = { waitedFor, waitedMs: this.#timeoutMs };
    const { once } = this.#command;
    return this.#sent && once !== undefined ? new Unknown({ ...facts, id: once }) : new Unreachable(facts);
  }

  #failed(error: ServiceError): void {
    const { clock, random } = this.#context;
    const refusal = refusalOf(error);
    const { code, reason, retryAfterMs } = refusal ?? {
      code: error.code,
      reason: '',
      retryAfterMs: undefined,
    };
    const judgement = judge(
      refusal === undefined ? { kind: 'failed', code } : { kind: 'refused', code, reason, retryAfterMs },
    );
    this.#said = refusal?.message ?? error.details;
    if (judgement.next === 'end') {
      this.#settle.reject(refusedBy(error));
      return;
    }
    if (judgement.mayBeDone && this.#command.once !== undefined) {
      this.#settle.reject(this.expired());
      return;
    }
    this.#sent = false;
    this.#stopWaiting = clock.after(retryPauseMs(this.#retries++, random, retryAfterMs), this.step);
  }
}
