import type { ServerHttp2Stream } from 'node:http2';
import { type ServerInterceptingCall, type ServerInterceptor, status } from '@grpc/grpc-js';
import type { Clock } from '../../clock.js';
import { chassisReasons, Refusal, statusOf } from '../../errors.js';

/** The HTTP/2 stream under a server call. The transport has no public word for its end before a handler has seen the call. */
interface OverStream {
  readonly stream?: Pick<ServerHttp2Stream, 'destroyed' | 'close' | 'once'>;
}

/**
 * Bounds the streams of all connections together, from their first byte: a client that opens streams and sends nothing on them never reaches a handler, and each costs 8 KB.
 * HTTP/2's own limit is no help: it is one for each connection, and a client that meets it waits in silence.
 */
export function door(maxOpen: number, clock: Clock): ServerInterceptor {
  let open = 0;
  const full = new Refusal(
    status.RESOURCE_EXHAUSTED,
    chassisReasons.tooManyStreams,
    `${maxOpen} calls are open: as many as this process serves`,
  );
  const closed = (): void => {
    open -= 1;
  };
  return (_method, call) => {
    const { stream } = call as OverStream;
    if (stream !== undefined && !stream.destroyed) {
      open += 1;
      stream.once('close', closed);
      if (open > maxOpen) {
        call.sendStatus(statusOf(full));
        // Its client may never end its half; but first the status must be on its way, or a reset overtakes it.
        clock.soon(() => stream.close());
      }
    }
    // The base call serves as it is: a wrapped one would cost a layer for every message.
    return call as ServerInterceptingCall;
  };
}
