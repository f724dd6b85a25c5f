import { type handleClientStreamingCall, type ServerReadableStream, status } from '@grpc/grpc-js';
import { type Active, admit } from './calls.js';
import { ServedCall } from './served-call.js';
import { failureStatus, type Serving, sendGuarded } from './serving.js';

type Respond<Response> = Parameters<handleClientStreamingCall<unknown, Response | Uint8Array>>[1];

/** A call with a stream of requests and one answer. */
export class ClientStreamCall<Response> implements Active {
  readonly kind = 'stream';
  readonly context: ServedCall;
  readonly #transport: ServerReadableStream<unknown, Response | Uint8Array>;
  readonly #respond: Respond<Response>;
  readonly #serving: Serving;

  constructor(
    transport: ServerReadableStream<unknown, Response | Uint8Array>,
    respond: Respond<Response>,
    serving: Serving,
  ) {
    this.#transport = transport;
    this.#respond = respond;
    this.#serving = serving;
    this.context = new ServedCall(transport, serving.clock);
  }

  admit(): boolean {
    return admit(this, this.#transport, this.#serving.calls, () => {
      this.context.callerGone();
      this.context.finish();
    });
  }

  readonly succeed = (response: Response | Uint8Array): void => {
    this.#finish(() => {
      this.#serving.count?.(this.context.method, status.OK);
      this.#respond(null, response);
    });
  };

  readonly fail = (error: unknown): void => {
    this.#finish(() => this.#respond(failureStatus(error, this.context.method, this.#serving)));
  };

  #finish(send: () => void): void {
    if (this.context.over) return;
    this.context.finish();
    if (!this.#transport.cancelled) sendGuarded(send, this.context.method, this.#serving);
  }
}
