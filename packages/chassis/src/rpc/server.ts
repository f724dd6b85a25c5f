/**
 * The gRPC server of every role. Its neighbours: `serve/` (the one handler wrapper, a file for each shape of call), `health/`, `reflection/`, `listener`.
 *
 * A call ends with the status of what its handler throws and touches nothing else. Its bounds are in `RpcLimits`; what is beyond them is refused with a reason.
 * Ending: health NOT_SERVING → signals of streams abort → handlers end their streams (UNAVAILABLE, SHUTTING_DOWN) → the rest ends at the end of the grace → closed.
 */
import type { ServiceDefinition } from '@grpc/grpc-js';
import { Server, ServerCredentials } from '@grpc/grpc-js';
import type { Clock } from '../clock.js';
import type { Log } from '../log.js';
import type { Handlers } from './handlers.js';
import { createHealth, healthService } from './health/health.js';
import { type RpcLimits, transportOptions, withDefaults } from './limits.js';
import { type Listener, listen } from './listener.js';
import { builtInImage } from './reflection/built-in-image.js';
import { readDescriptors } from './reflection/descriptors.js';
import { createReflection, reflectionServices } from './reflection/reflection.js';
import { register } from './register.js';
import { Calls } from './serve/calls.js';

export interface RpcServerOptions {
  readonly log: Log;
  readonly clock: Clock;
  /** A FileDescriptorSet of what is served, for reflection. */
  readonly image?: Uint8Array;
  readonly limits?: Partial<RpcLimits>;
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
  readonly open: { readonly calls: number; readonly streams: number };
}

/** Until a forced end has reached the clients. */
const farewellMs = 100;
const defaultGraceMs = 5_000;

export function createRpcServer(options: RpcServerOptions): RpcServer {
  const { log, clock } = options;
  const limits = withDefaults(options.limits);
  const transport = new Server(transportOptions(limits));
  const injector = transport.createConnectionInjector(ServerCredentials.createInsecure());
  const calls = new Calls(limits);
  const serving = { calls, clock, log };
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

  async function drain(graceMs: number): Promise<void> {
    health.shutDown();
    listener?.close();
    calls.drain();
    await within(clock, graceMs, calls.idle());
    if (calls.count > 0) log.warn({ calls: calls.count, graceMs }, 'calls did not end within the grace');
    calls.endAll();
    await within(clock, farewellMs, new Promise<void>((resolve) => transport.tryShutdown(() => resolve())));
    transport.forceShutdown();
  }

  const server: RpcServer = {
    add,
    listen: async (address) => {
      listener = await listen(address, {
        maxConnections: limits.maxConnections,
        onConnection: (socket) => injector.injectConnection(socket),
        onDropped: () => log.warn({ maxConnections: limits.maxConnections }, 'a connection was dropped'),
      });
      return { port: listener.port };
    },
    setServing: (service, isServing) => health.set(service, isServing),
    drain: (graceMs) => {
      drained ??= drain(graceMs);
      return drained;
    },
    get open() {
      return { calls: calls.count, streams: calls.streams };
    },
    [Symbol.asyncDispose]: () => server.drain(defaultGraceMs),
  };
  return server;
}

/** Waits for `work`, but not longer than `ms`. */
function within(clock: Clock, ms: number, work: Promise<void>): Promise<void> {
  return new Promise((resolve, reject) => {
    const cancel = clock.after(ms, resolve);
    work.then(
      () => {
        cancel();
        resolve();
      },
      (error: unknown) => {
        cancel();
        reject(error);
      },
    );
  });
}
