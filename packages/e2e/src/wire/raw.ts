import { type ClientHttp2Session, type ClientHttp2Stream, connect } from 'node:http2';
import { connect as connectTcp } from 'node:net';
import { within } from '../eventually.js';
import { errorInfoIn } from './wire-error.js';

export interface RawAnswer {
  readonly status: string;
  readonly message: string;
  /** Of a refusal; undefined when there is none. */
  readonly reason: string | undefined;
}

/** A gRPC call by hand: whatever bytes, framed or not. */
export async function rawCall(
  address: string,
  path: string,
  body: Uint8Array,
  deadlineMs = 5_000,
): Promise<RawAnswer> {
  const session = openSession(address);
  try {
    const stream = openStream(session, path);
    stream.end(body);
    return await within(answerOf(stream), deadlineMs, `${path} at ${address} is answered`);
  } finally {
    session.destroy();
  }
}

/** One message: not compressed, its length, itself. `claimed` may lie about the length. */
export function framed(message: Uint8Array, claimed = message.length, flag = 0): Buffer {
  const head = Buffer.alloc(5);
  head.writeUInt8(flag, 0);
  head.writeUInt32BE(claimed, 1);
  return Buffer.concat([head, message]);
}

export function openSession(address: string): ClientHttp2Session {
  const session = connect(`http://${address}`, { settings: { enablePush: false } });
  session.on('error', () => {});
  return session;
}

/** A call whose request is still open. */
export function openStream(
  session: ClientHttp2Session,
  path: string,
  metadata: Readonly<Record<string, string>> = {},
): ClientHttp2Stream {
  const stream = session.request(
    { ':method': 'POST', ':path': path, 'content-type': 'application/grpc', te: 'trailers', ...metadata },
    { endStream: false },
  );
  stream.on('error', () => {});
  stream.resume();
  return stream;
}

/** The status, from the trailers, or from the headers when there is nothing else. */
export function answerOf(stream: ClientHttp2Stream): Promise<RawAnswer> {
  return new Promise((resolve) => {
    const take = (headers: Record<string, unknown>): void => {
      if (headers['grpc-status'] === undefined) return;
      const message = decodeURIComponent(String(headers['grpc-message'] ?? ''));
      const details = headers['grpc-status-details-bin'];
      const bytes = typeof details === 'string' ? Buffer.from(details, 'base64') : undefined;
      const reason = bytes === undefined ? undefined : errorInfoIn(bytes)?.reason;
      resolve({ status: String(headers['grpc-status']), message, reason });
    };
    stream.on('response', take);
    stream.on('trailers', take);
    stream.on('close', () => resolve({ status: `closed ${stream.rstCode}`, message: '', reason: undefined }));
  });
}

/** Bytes that are no HTTP/2; resolves when the other side has closed, or has not for `patienceMs`. */
export function sendGarbage(address: string, bytes: Uint8Array, patienceMs = 300): Promise<void> {
  const [host = '', port = ''] = address.split(':');
  return new Promise((resolve) => {
    const socket = connectTcp(Number(port), host);
    const done = (): void => {
      socket.destroy();
      resolve();
    };
    socket.on('error', done);
    socket.on('close', done);
    socket.setTimeout(patienceMs, done);
    socket.resume();
    socket.write(bytes);
  });
}
