import { createServer, type Server, type Socket } from 'node:net';
import type { Clock } from './clock.js';
import { parseAddress } from './config/address.js';
import { ExitWith, exitCodes } from './exit-with.js';
import { Turnstile } from './turnstile.js';

/**
 * A listening socket of our own in front of the transport: it bounds the connections, lets many that come at once in by turns, and it can end them. (The transport's forced shutdown spares them when channelz is off.)
 */
export interface Listener {
  readonly port: number;
  readonly connections: number;
  /** Takes no more connections; those that are open stay. Resolves when the last of them has ended. */
  close(): Promise<void>;
  /** Ends those that are left, without a word. */
  destroy(): void;
}

export interface ListenerOptions {
  /** Connections at once; one more is closed as soon as it is accepted. */
  readonly maxConnections: number;
  readonly onConnection: (socket: Socket) => void;
  readonly clock: Clock;
  /** A connection was closed at the bound, or could not be accepted for want of descriptors. */
  readonly onDropped: () => void;
}

/** In all protocols here the client speaks first, at once. */
const firstWordMs = 10_000;

/** @throws ExitWith with a sentence that names the address: 75 taken, 77 not permitted, 78 no address of this machine. */
export function listen(address: string, options: ListenerOptions): Promise<Listener> {
  const { host, port } = parseAddress(address);
  const open = new Set<Socket>();
  const turnstile = new Turnstile(options.clock);
  const server = createServer({ noDelay: true }, (socket) => {
    open.add(socket);
    socket.once('close', () => open.delete(socket));
    // One that breaks while it waits has nobody else who listens.
    socket.on('error', () => {});
    whenSpoken(socket, options.clock, () => {
      turnstile.pass(() => {
        if (server.listening && !socket.destroyed) options.onConnection(socket);
        else socket.destroy();
      });
    });
  });
  server.maxConnections = options.maxConnections;
  server.on('drop', options.onDropped);
  return new Promise((resolve, reject) => {
    const failed = (error: NodeJS.ErrnoException): void => reject(listenFailure(address, error));
    server.once('error', failed);
    server.listen({ host, port }, () => {
      server.off('error', failed);
      server.on('error', options.onDropped);
      resolve({
        port: boundPort(server),
        get connections() {
          return open.size;
        },
        close: () => new Promise<void>((ended) => void server.close(() => ended())),
        destroy: () => {
          for (const socket of open) socket.destroy();
        },
      });
    });
  });
}

/** Calls `fn` when the other side has said its first word: what a newcomer costs comes with that, and its turn is to hold it. */
function whenSpoken(socket: Socket, clock: Clock, fn: () => void): void {
  const stopWaiting = clock.after(firstWordMs, () => void socket.destroy());
  socket.once('close', stopWaiting);
  socket.once('readable', () => {
    stopWaiting();
    if (socket.readableLength > 0) fn();
    else socket.destroy();
  });
}

function boundPort(server: Server): number {
  const bound = server.address();
  return typeof bound === 'object' && bound !== null ? bound.port : 0;
}

function listenFailure(address: string, cause: NodeJS.ErrnoException): ExitWith {
  switch (cause.code) {
    case 'EADDRINUSE':
      return new ExitWith(exitCodes.taken, `another process listens on ${address}`, { cause });
    case 'EACCES':
      return new ExitWith(exitCodes.permission, `listening on ${address} is not permitted`, { cause });
    default:
      return new ExitWith(
        exitCodes.configuration,
        `cannot listen on ${address}: ${cause.code ?? cause.message}`,
        { cause },
      );
  }
}
