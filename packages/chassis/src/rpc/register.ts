import type {
  Server,
  ServiceDefinition,
  UntypedHandleCall,
  UntypedServiceImplementation,
} from '@grpc/grpc-js';
import type {
  BidiCallbacks,
  BidiHandler,
  ClientStreamHandler,
  Handlers,
  ServerStreamHandler,
  UnaryHandler,
} from './handlers.js';
import { checkedDeserialize, passingSerialize } from './serve/decode.js';
import type { Serving } from './serve/serving.js';
import { serveBidi, serveBidiCallbacks, serveClientStream, serveServerStream } from './serve/streams.js';
import { serveUnary } from './serve/unary.js';

type Method = ServiceDefinition[string];

/** Gives a service to the transport, every handler in its wrapper. Returns its full name. */
export function register<D extends ServiceDefinition>(
  transport: Server,
  definition: D,
  handlers: Handlers<D>,
  serving: Serving,
): string {
  const wrappedMethods: Record<string, Method> = {};
  const wrappedHandlers: UntypedServiceImplementation = {};
  let service = '';
  for (const [name, method] of Object.entries<Method>(definition)) {
    service = serviceOf(method.path);
    wrappedMethods[name] = {
      ...method,
      requestDeserialize: checkedDeserialize(method.requestDeserialize),
      responseSerialize: passingSerialize(method.responseSerialize, (error) =>
        serving.log.error({ error, method: method.path }, 'an answer could not be encoded'),
      ),
    };
    wrappedHandlers[name] = wrap(method, (handlers as Readonly<Record<string, unknown>>)[name], serving);
  }
  transport.addService(wrappedMethods, wrappedHandlers);
  return service;
}

/** The types of `Handlers` have made sure that the handler has the shape of its method; they are gone here. */
function wrap(method: Method, handler: unknown, serving: Serving): UntypedHandleCall {
  if (!method.requestStream) {
    return method.responseStream
      ? serveServerStream(handler as ServerStreamHandler<unknown, unknown>, serving)
      : serveUnary(handler as UnaryHandler<unknown, unknown>, serving);
  }
  if (!method.responseStream)
    return serveClientStream(handler as ClientStreamHandler<unknown, unknown>, serving);
  return typeof handler === 'function'
    ? serveBidi(handler as BidiHandler<unknown, unknown>, serving)
    : serveBidiCallbacks(handler as BidiCallbacks<unknown, unknown>, serving);
}

/** `/package.Service/Method` → `package.Service`. */
function serviceOf(path: string): string {
  return path.slice(1, path.lastIndexOf('/'));
}
