import { createServer, type Server, type Socket } from 'node:net';
import { parseAddress } from '../config/address.js';
import { ExitWith, exitCodes } from '../exit-with.js';

/** A listening socket of our own in front of the transport, whose own one cannot be bounded. */
export interface Listener {
  readonly port: number;
  /** Takes no more connections; those that are open stay. */
  close(): void;
}

export interface ListenerOptions {
  /** Connections at once; one more is closed as soon as it is accepted. */
  readonly maxConnections: number;
  readonly onConnection: (socket: Socket) => void;
  readonly onDropped: () => void;
}

/** @throws ExitWith with a sentence that names the address: 75 taken, 77 not permitted, 78 no address of this machine. */
export function listen(address: string, options: ListenerOptions): Promise<Listener> {
  const { host, port } = parseAddress(address);
  const server = createServer({ allowHalfOpen: true, noDelay: true }, options.onConnection);
  server.maxConnections = options.maxConnections;
  server.on('drop', options.onDropped);
  return new Promise((resolve, reject) => {
    const failed = (error: NodeJS.ErrnoException): void => reject(listenFailure(address, error));
    server.once('error', failed);
    server.listen({ host, port }, () => {
      server.off('error', failed);
      // Accepting may fail for want of descriptors; the next one may succeed.
      server.on('error', options.onDropped);
      resolve({ port: portOf(server), close: () => void server.close() });
    });
  });
}

function portOf(server: Server): number {
  const bound = server.address();
  return typeof bound === 'object' && bound !== null ? bound.port : 0;
}

export function listenFailure(address: string, cause: NodeJS.ErrnoException): ExitWith {
  switch (cause.code) {
    case 'EADDRINUSE':
      return new ExitWith(exitCodes.taken, `another process listens on ${address}`);
    case 'EACCES':
      return new ExitWith(exitCodes.permission, `listening on ${address} is not permitted`);
    default:
      return new ExitWith(
        exitCodes.configuration,
        `cannot listen on ${address}: ${cause.code ?? cause.message}`,
      );
  }
}
