/**
 * The gRPC server of every role. Its neighbours: `serve/` (the one handler wrapper, a file for each shape of call), `health/`, `reflection/`, `listener`.
 *
 * A call ends with the status of what its handler throws and touches nothing else. Its bounds are in `RpcLimits`; what is beyond them is refused with a reason.
 * Ending: health NOT_SERVING → signals of streams abort → handlers end their streams (UNAVAILABLE, SHUTTING_DOWN) → the rest ends at the end of the grace → closed.
 */
import type { ServiceDefinition } from '@grpc/grpc-js';
import { Server, ServerCredentials, setLogger, status } from '@grpc/grpc-js';
import type { Clock } from '../clock.js';
import { type Listener, listen } from '../listener.js';
import type { Log } from '../log.js';
import type { Metrics } from '../metrics.js';
import { end } from './ending.js';
import type { Handlers } from './handlers.js';
import { createHealth, healthService } from './health/health.js';
import { type RpcLimits, transportOptions, withDefaults } from './limits.js';
import { builtInImage } from './reflection/built-in-image.js';
import { readDescriptors } from './reflection/descriptors.js';
import { createReflection, reflectionServices } from './reflection/reflection.js';
import { register } from './register.js';
import { Calls } from './serve/calls.js';
import type { Serving } from './serve/serving.js';

export interface RpcServerOptions {
  readonly log: Log;
  readonly clock: Clock;
  /** A FileDescriptorSet of what is served, for reflection. */
  readonly image?: Uint8Array;
  readonly limits?: Partial<RpcLimits>;
  readonly metrics?: Metrics;
}

export interface RpcServer extends AsyncDisposable {
  /** Before `listen`. Every method of the definition has its handler. */
  add<D extends ServiceDefinition>(definition: D, handlers: Handlers<D>): void;
  /** `host:port`; port 0: the system chooses. Once. @throws ExitWith */
  listen(address: string): Promise<{ readonly port: number }>;
  /** What `grpc.health.v1` answers for a service; a service that was added is SERVING, and so is "", until told otherwise. */
  setServing(service: string, serving: boolean): void;
  /** Ends gracefully, see above. Calls that are still open after `graceMs` end with UNAVAILABLE. Asked again, it gives the same promise. */
  drain(graceMs: number): Promise<void>;
  /** For metrics. */
  readonly open: { readonly connections: number; readonly calls: number; readonly streams: number };
}

const defaultGraceMs = 5_000;
const warnEveryMs = 10_000;

export function createRpcServer(options: RpcServerOptions): RpcServer {
  const { log, clock } = options;
  const limits = withDefaults(options.limits);
  setLogger(transportLog(log));
  const transport = new Server(transportOptions(limits, clock));
  const injector = transport.createConnectionInjector(ServerCredentials.createInsecure());
  const calls = new Calls(limits);
  const serving = { calls, clock, log, count: countCalls(options.metrics) };
  const health = createHealth();
  const names: string[] = [];
  let listener: Listener | undefined;
  let drained: Promise<void> | undefined;

  function add<D extends ServiceDefinition>(definition: D, handlers: Handlers<D>): void {
    const name = register(transport, definition, handlers, serving);
    names.push(name);
    health.set(name, true);
  }
  add(healthService, health.handlers);
  const images = options.image === undefined ? [builtInImage] : [options.image, builtInImage];
  const reflection = createReflection(readDescriptors(images), () => names);
  for (const service of reflectionServices) add(service, reflection);

  const server: RpcServer = {
    add,
    listen: async (address) => {
      listener = await listen(address, {
        clock,
        maxConnections: limits.maxConnections,
        onConnection: (socket) => injector.injectConnection(socket),
        onDropped: warnSparsely(clock, log, limits.maxConnections),
      });
      if (drained !== undefined) {
        void listener.close();
        listener.destroy();
        throw new Error('the server ended before it listened');
      }
      return { port: listener.port };
    },
    setServing: (service, isServing) => health.set(service, isServing),
    drain: (graceMs) => {
      drained ??= end({ clock, log, health, calls, transport, listener }, graceMs);
      return drained;
    },
    get open() {
      return { connections: listener?.connections ?? 0, calls: calls.count, streams: calls.streams };
    },
    [Symbol.asyncDispose]: () => server.drain(defaultGraceMs),
  };
  return server;
}

function countCalls(metrics: Metrics | undefined): Serving['count'] {
  const ended = metrics?.counter({
    name: 'everline_rpc_calls_total',
    help: 'Calls that were answered',
    labels: ['method', 'code'],
  });
  return ended && ((method, code) => ended.add(1, { method, code: status[code] }));
}

/** Whoever floods us with connections shall not flood the log, too. */
function warnSparsely(clock: Clock, log: Log, maxConnections: number): () => void {
  let dropped = 0;
  let toldMs = Number.NEGATIVE_INFINITY;
  return () => {
    dropped += 1;
    if (clock.nowMs() - toldMs < warnEveryMs) return;
    toldMs = clock.nowMs();
    log.warn({ dropped, maxConnections }, 'connections were dropped');
    dropped = 0;
  };
}

/** The transport writes to the console what clients do wrong; it is nothing but a debug event. */
function transportLog(log: Log): Partial<Console> {
  const tell = (...words: readonly unknown[]): void => log.debug({}, words.join(' '));
  return { error: tell, info: tell, debug: tell };
}
