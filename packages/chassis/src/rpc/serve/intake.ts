import type { Readable } from 'node:stream';
import type { Clock } from '../../clock.js';
import { Undecodable } from './decode.js';

export interface IntakeListener<Request> {
  onMessage(request: Request): void;
  onEnd(): void;
  /** A throw of one of the others, or a message that could not be read. Nothing comes after it. */
  onFailed(error: unknown): void;
}

/** The reading side of a transport call. */
export interface IntakeStream extends Readable {
  readonly cancelled: boolean;
}

/** Reads requests into callbacks. A throw in a data listener would end the process (grpc-node#290); here it ends the reading. */
export function readInto<Request>(
  stream: IntakeStream,
  listener: IntakeListener<Request>,
  clock: Clock,
): void {
  let over = false;
  const guarded = (take: () => void): void => {
    if (over) return;
    try {
      take();
    } catch (error) {
      over = true;
      // What still comes is thrown away, so that the transport can finish.
      stream.resume();
      listener.onFailed(error);
    }
  };
  stream.on('data', (request: Request | Undecodable) =>
    guarded(() => {
      if (request instanceof Undecodable) throw request.refusal;
      listener.onMessage(request);
    }),
  );
  // Some clients end their requests and then cancel: when both come together, it is a cancellation.
  const ended = (): void => {
    if (!stream.cancelled) guarded(() => listener.onEnd());
  };
  stream.on('end', () => clock.soon(ended));
}
