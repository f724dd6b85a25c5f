/** A router by the contract, of which only ReportDeath is asked. */
import { createServer, type Socket } from 'node:net';
import { type ReportDeathRequest, RouterServiceService } from '@everline/contracts';
import { Server, ServerCredentials, type ServerUnaryCall, type sendUnaryData, status } from '@grpc/grpc-js';

export interface TestRouter extends Disposable {
  readonly address: string;
  readonly port: number;
  readonly reports: readonly (ReportDeathRequest & { readonly atMs: number })[];
}

export type Answer = keyof typeof status;

export function startRouter(port = 0, answer: () => Answer = () => 'OK'): Promise<TestRouter> {
  const server = new Server();
  const reports: (ReportDeathRequest & { atMs: number })[] = [];
  const refuse = (_: unknown, done: sendUnaryData<never>): void => done({ code: status.UNIMPLEMENTED });
  const handlers = Object.fromEntries(Object.keys(RouterServiceService).map((name) => [name, refuse]));
  server.addService(RouterServiceService, {
    ...handlers,
    reportDeath: (call: ServerUnaryCall<ReportDeathRequest, object>, done: sendUnaryData<object>) => {
      reports.push({ ...call.request, atMs: performance.now() });
      const code = status[answer()];
      if (code === status.OK) done(null, {});
      else done({ code });
    },
  });
  return new Promise((resolve, reject) => {
    server.bindAsync(`127.0.0.1:${port}`, ServerCredentials.createInsecure(), (error, bound) => {
      if (error !== null) return reject(error);
      resolve({
        address: `127.0.0.1:${bound}`,
        port: bound,
        reports,
        [Symbol.dispose]: () => server.forceShutdown(),
      });
    });
  });
}

/** Accepts connections and says nothing, like a frozen one. */
export function startFrozenRouter(): Promise<Disposable & { readonly port: number; connections(): number }> {
  const sockets: Socket[] = [];
  const server = createServer((socket) => void sockets.push(socket.on('error', () => undefined)));
  return new Promise((resolve) => {
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      resolve({
        port: typeof address === 'object' && address !== null ? address.port : 0,
        connections: () => sockets.length,
        [Symbol.dispose]: () => {
          for (const socket of sockets) socket.destroy();
          server.close();
        },
      });
    });
  });
}
