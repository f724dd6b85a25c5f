import type { handleUnaryCall } from '@grpc/grpc-js';
import type { UnaryHandler } from '../handlers.js';
import type { Active } from './calls.js';
import { Undecodable } from './decode.js';
import { ServedCall } from './served-call.js';
import { failureStatus, type Serving } from './serving.js';

type Respond<Response> = Parameters<handleUnaryCall<unknown, Response | Uint8Array>>[1];

/** The hot path: one context and one registration a call, one promise only if the handler makes it. */
export function serveUnary<Request, Response>(
  handler: UnaryHandler<Request, Response>,
  serving: Serving,
): handleUnaryCall<Request | Undecodable, Response | Uint8Array> {
  return (call, respond) => {
    const { request } = call;
    const active = new UnaryCall(new ServedCall(call, serving.clock), respond, serving);
    if (request instanceof Undecodable) return active.refuse(request.refusal);
    const refusal = serving.calls.refuse('unary');
    if (refusal !== undefined) return active.refuse(refusal);
    serving.calls.add(active);
    try {
      const answer = handler(request, active.context);
      if (answer instanceof Promise) answer.then(active.succeed, active.fail);
      else active.succeed(answer);
    } catch (error) {
      active.fail(error);
    }
  };
}

class UnaryCall<Response> implements Active {
  readonly kind = 'unary';
  readonly context: ServedCall;
  readonly #respond: Respond<Response>;
  readonly #serving: Serving;

  constructor(context: ServedCall, respond: Respond<Response>, serving: Serving) {
    this.context = context;
    this.#respond = respond;
    this.#serving = serving;
  }

  readonly succeed = (response: Response | Uint8Array): void => {
    if (!this.#close()) return;
    this.#send(() => this.#respond(null, response));
  };

  readonly fail = (error: unknown): void => {
    if (!this.#close()) return;
    this.refuse(error);
  };

  refuse(error: unknown): void {
    this.#send(() => this.#respond(failureStatus(error, this.context.method, this.#serving.log)));
  }

  /** False when it has been answered: the handler of a call that was ended by force settles later. */
  #close(): boolean {
    if (this.context.over) return false;
    this.context.finish();
    this.#serving.calls.remove(this);
    return true;
  }

  /** Called from a promise: a throw of the transport here would end the process (grpc-node#290). */
  #send(send: () => void): void {
    try {
      send();
    } catch (error) {
      this.#serving.log.error({ error, method: this.context.method }, 'an answer could not be sent');
    }
  }
}
