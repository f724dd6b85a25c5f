/**
 * One warm HTTP/2 connection to one router, so that a report is a single write when it counts: the length of a failover hangs on it (protocol M10).
 */
import {
  type ClientHttp2Session,
  type ClientHttp2Stream,
  connect,
  type IncomingHttpHeaders,
  type OutgoingHttpHeaders,
} from 'node:http2';
import { type Address, formatAddress } from '@everline/chassis/address';
import type { Cancel, Clock } from '@everline/chassis/clock';

/** `refused`: the router understood and will never take it. `failed`: try again. */
export type Delivery = 'taken' | 'refused' | 'failed';

export interface RouterLine extends Disposable {
  /** Sends at once, over a new connection if need be. */
  deliver(path: string, frame: Buffer): Promise<Delivery>;
}

const reconnectMs = 500;
/** A router host that vanished without a word is noticed by this. */
const probeMs = 10_000;
const answerDeadlineMs = 1_000;
/** gRPC codes that another try can only repeat: INVALID_ARGUMENT, NOT_FOUND, ALREADY_EXISTS, PERMISSION_DENIED, FAILED_PRECONDITION, UNIMPLEMENTED, UNAUTHENTICATED. */
const finalCodes: ReadonlySet<number> = new Set([3, 5, 6, 7, 9, 12, 16]);

export function openRouterLine(router: Address, clock: Clock): RouterLine {
  let session: ClientHttp2Session | undefined;
  let over = false;
  let cancelReconnect: Cancel | undefined;

  function open(): ClientHttp2Session {
    cancelReconnect?.();
    const opened = connect(`http://${formatAddress(router)}`);
    // What went wrong is seen in the close that follows; a router that is away is nothing to talk about.
    opened.on('error', () => undefined);
    opened.on('goaway', () => opened.close());
    opened.on('close', () => {
      if (session === opened) session = undefined;
      if (!over && session === undefined) cancelReconnect = clock.after(reconnectMs, () => void keepWarm());
    });
    opened.once('connect', () => warmUp(opened));
    session = opened;
    return opened;
  }

  function keepWarm(): ClientHttp2Session {
    return session === undefined || session.closed || session.destroyed ? open() : session;
  }

  const stopProbing = clock.every(probeMs, () => {
    const probed = session;
    if (probed === undefined || probed.connecting || probed.closed) return;
    const cancel = clock.after(answerDeadlineMs, () => probed.destroy());
    probed.ping(cancel);
  });

  keepWarm();
  return {
    deliver: async (path, frame) => {
      const warm = keepWarm();
      try {
        const stream = warm.request(headersFor(path), { endStream: false });
        stream.end(frame);
        return await answerOf(stream, clock, () => warm.destroy());
      } catch {
        // The connection was closing at this very moment.
        warm.destroy();
        return 'failed';
      }
    },
    [Symbol.dispose]: () => {
      over = true;
      stopProbing();
      cancelReconnect?.();
      session?.destroy();
    },
  };
}

/** The first request of a process costs milliseconds: its code is compiled then. A question to which every answer is right. */
function warmUp(session: ClientHttp2Session): void {
  const stream = session.request(headersFor('/grpc.health.v1.Health/Check'), { endStream: false });
  stream.on('error', () => undefined);
  stream.end(Buffer.alloc(5));
  stream.resume();
}

function headersFor(path: string): OutgoingHttpHeaders {
  return { ':method': 'POST', ':path': path, 'content-type': 'application/grpc', te: 'trailers' };
}

function answerOf(stream: ClientHttp2Stream, clock: Clock, onSilence: () => void): Promise<Delivery> {
  return new Promise((resolve) => {
    // A router that does not answer is asked anew over another connection: this one may be dead.
    const cancel = clock.after(answerDeadlineMs, onSilence);
    let delivery: Delivery = 'failed';
    const hear = (headers: IncomingHttpHeaders): void => {
      const status = headers['grpc-status'];
      if (status === undefined) return;
      const code = Number(status);
      delivery = code === 0 ? 'taken' : finalCodes.has(code) ? 'refused' : 'failed';
    };
    stream.on('response', hear);
    stream.on('trailers', hear);
    stream.on('error', () => undefined);
    stream.on('close', () => {
      cancel();
      resolve(delivery);
    });
    // Unread data would keep the trailers back.
    stream.resume();
  });
}
