import { type handleUnaryCall, status } from '@grpc/grpc-js';
import type { UnaryHandler } from '../handlers.js';
import type { Active } from './calls.js';
import { Undecodable } from './decode.js';
import { ServedCall, type TransportCall } from './served-call.js';
import { failureStatus, logUnsent, type Serving } from './serving.js';

type Respond<Response> = Parameters<handleUnaryCall<unknown, Response | Uint8Array>>[1];

/** The hot path: one registration a call, and one promise if the handler makes it. */
export function serveUnary<Request, Response>(
  handler: UnaryHandler<Request, Response>,
  serving: Serving,
): handleUnaryCall<Request | Undecodable, Response | Uint8Array> {
  return (transport, respond) => {
    const { request } = transport;
    const call = new UnaryCall(transport, respond, serving);
    if (request instanceof Undecodable) return call.fail(request.refusal);
    const refusal = serving.calls.refuse('unary');
    if (refusal !== undefined) return call.fail(refusal);
    serving.calls.add(call);
    try {
      const answer = handler(request, call.context);
      if (answer instanceof Promise) {
        answer.then(
          (response) => call.succeed(response),
          (error: unknown) => call.fail(error),
        );
      } else {
        call.succeed(answer);
      }
    } catch (error) {
      call.fail(error);
    }
  };
}

/** Counted until its handler has settled, even if nobody waits for it any more: it still takes memory and time. */
class UnaryCall<Response> implements Active {
  readonly kind = 'unary';
  readonly context: ServedCall;
  readonly #respond: Respond<Response>;
  readonly #serving: Serving;

  constructor(transport: TransportCall, respond: Respond<Response>, serving: Serving) {
    this.context = new ServedCall(transport, serving.clock);
    this.#respond = respond;
    this.#serving = serving;
  }

  succeed(response: Response | Uint8Array): void {
    if (!this.#close()) return;
    try {
      this.#respond(null, response);
      this.#serving.count?.(this.context.method, status.OK);
    } catch (error) {
      logUnsent(error, this.context.method, this.#serving);
    }
  }

  fail(error: unknown): void {
    if (!this.#close()) return;
    try {
      this.#respond(failureStatus(error, this.context.method, this.#serving));
    } catch (unsent) {
      logUnsent(unsent, this.context.method, this.#serving);
    }
  }

  /** False when it was over: the handler of a call that was ended by force settles later. */
  #close(): boolean {
    if (this.context.over) return false;
    this.context.finish();
    this.#serving.calls.remove(this);
    return true;
  }
}
