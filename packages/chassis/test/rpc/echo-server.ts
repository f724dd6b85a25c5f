import type { ClientReadableStream, ServiceError, StatusObject } from '@grpc/grpc-js';
import {
  callUnary,
  createRpcServer,
  type Handlers,
  openChannel,
  type RpcServer,
  type RpcServerOptions,
  systemClock,
} from '../../src/index.js';
import { type MemoryLog, memoryLog } from '../support/memory-log.js';
import { EchoClient, EchoService, type Text, text } from './echo.js';

type EchoHandlers = Handlers<typeof EchoService>;

const plain: EchoHandlers = {
  say: async (request) => request,
  count: async ({ number }, _context, out) => {
    for (let i = 1; i <= number; i++) if (!out.write(text('', i))) await out.ready();
  },
  sum: async (requests) => {
    let sum = 0;
    for await (const { number } of requests) sum += number;
    return text('sum', sum);
  },
  chat: async (requests, _context, out) => {
    for await (const request of requests) out.write(request);
  },
  hotChat: {
    open: (_context, out) => ({ onMessage: (request) => out.write(request), onEnd: () => out.end() }),
  },
};

export interface EchoWorld extends AsyncDisposable {
  readonly server: RpcServer;
  readonly client: EchoClient;
  readonly log: MemoryLog;
  readonly port: number;
  readonly address: string;
  say(request: Text): Promise<Text>;
}

/** A server on port 0 that echoes, but for the handlers given, and a client of it. */
export async function echoWorld(
  handlers: Partial<EchoHandlers> = {},
  options: Partial<RpcServerOptions> = {},
): Promise<EchoWorld> {
  const log = memoryLog();
  const server = createRpcServer({ log, clock: systemClock, ...options });
  server.add(EchoService, { ...plain, ...handlers });
  const { port } = await server.listen('127.0.0.1:0');
  const address = `127.0.0.1:${port}`;
  const channel = openChannel(address);
  const client = channel.client(EchoClient);
  return {
    server,
    client,
    log,
    port,
    address,
    say: (request) => callUnary(client.say.bind(client), request, { deadlineMs: 5_000 }),
    [Symbol.asyncDispose]: async () => {
      channel[Symbol.dispose]();
      await server.drain(0);
    },
  };
}

export interface Ended {
  readonly messages: readonly Text[];
  readonly status: StatusObject;
  readonly error: ServiceError | undefined;
}

/** All that a stream brings, to its status. */
export function taken(
  stream: ClientReadableStream<Text>,
  onMessage?: (message: Text) => void,
): Promise<Ended> {
  const messages: Text[] = [];
  let error: ServiceError | undefined;
  stream.on('data', (message: Text) => {
    messages.push(message);
    onMessage?.(message);
  });
  stream.on('error', (failure: ServiceError) => {
    error = failure;
  });
  return new Promise((resolve) => {
    stream.on('status', (status: StatusObject) => queueMicrotask(() => resolve({ messages, status, error })));
  });
}
