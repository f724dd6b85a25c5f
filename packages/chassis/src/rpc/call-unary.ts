import { type CallOptions, type ClientUnaryCall, Metadata, type ServiceError, status } from '@grpc/grpc-js';
import { type Clock, systemClock } from '../clock.js';
import { failureOf, RpcFailed } from '../errors.js';

/** A method of a generated client, bound to it: `client.post.bind(client)`. */
export type UnaryMethod<Request, Response> = (
  request: Request,
  metadata: Metadata,
  options: Partial<CallOptions>,
  callback: (error: ServiceError | null, response: Response) => void,
) => ClientUnaryCall;

export interface CallUnaryOptions {
  /** How long the answer may take, from now. There is no call without it: a hung peer shows nothing else. */
  readonly deadlineMs: number;
  /** Cancels the call. */
  readonly signal?: AbortSignal;
  readonly metadata?: Metadata;
  readonly clock?: Clock;
}

const noMetadata = new Metadata();

/**
 * Calls once; never retries.
 * Rejects with a `Refusal` (the server's reason) or with `RpcFailed`: UNAVAILABLE, DEADLINE_EXCEEDED, CANCELLED (its `cause` is the signal's reason), or whatever
 * a foreign server said.
 */
export function callUnary<Request, Response>(
  method: UnaryMethod<Request, Response>,
  request: Request,
  { deadlineMs, signal, metadata = noMetadata, clock = systemClock }: CallUnaryOptions,
): Promise<Response> {
  return new Promise((resolve, reject) => {
    const cancelled = (): RpcFailed =>
      new RpcFailed(status.CANCELLED, 'cancelled by the caller', { cause: signal?.reason });
    if (signal?.aborted) return reject(cancelled());
    let call: ClientUnaryCall;
    const cancel = (): void => call.cancel();
    try {
      call = method(request, metadata, { deadline: clock.wallMs() + deadlineMs }, (error, response) => {
        signal?.removeEventListener('abort', cancel);
        if (error === null) resolve(response);
        else reject(signal?.aborted && error.code === status.CANCELLED ? cancelled() : failureOf(error));
      });
    } catch (cause) {
      // The transport throws when its channel has been closed.
      return reject(new RpcFailed(status.UNAVAILABLE, 'the call could not begin', { cause }));
    }
    signal?.addEventListener('abort', cancel, { once: true });
  });
}
