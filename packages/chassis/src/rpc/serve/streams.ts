import type {
  handleBidiStreamingCall,
  handleClientStreamingCall,
  handleServerStreamingCall,
} from '@grpc/grpc-js';
import type {
  BidiCallbacks,
  BidiHandler,
  BidiListener,
  ClientStreamHandler,
  ServerStreamHandler,
} from '../handlers.js';
import { ClientStreamCall } from './client-stream-call.js';
import { Undecodable } from './decode.js';
import { readInto } from './intake.js';
import { Requests } from './requests.js';
import type { Serving } from './serving.js';
import { StreamCall } from './stream-call.js';

export function serveServerStream<Request, Response>(
  handler: ServerStreamHandler<Request, Response>,
  serving: Serving,
): handleServerStreamingCall<Request | Undecodable, Response | Uint8Array> {
  return (transport) => {
    const { request } = transport;
    const call = new StreamCall<Response>(transport, serving);
    if (request instanceof Undecodable) return call.fail(request.refusal);
    if (!call.admit()) return;
    settle(() => handler(request, call.context, call), call.done, call.fail);
  };
}

export function serveBidi<Request, Response>(
  handler: BidiHandler<Request, Response>,
  serving: Serving,
): handleBidiStreamingCall<Request | Undecodable, Response | Uint8Array> {
  return (transport) => {
    const call = new StreamCall<Response>(transport, serving);
    if (!call.admit()) return void transport.resume();
    const requests = new Requests<Request>(transport, call.context.signal, serving.clock);
    settle(() => handler(requests, call.context, call), call.done, call.fail);
  };
}

export function serveBidiCallbacks<Request, Response>(
  handler: BidiCallbacks<Request, Response>,
  serving: Serving,
): handleBidiStreamingCall<Request | Undecodable, Response | Uint8Array> {
  return (transport) => {
    const call = new StreamCall<Response>(transport, serving);
    if (!call.admit()) return void transport.resume();
    let listener: BidiListener<Request>;
    try {
      listener = handler.open(call.context, call, transport);
    } catch (error) {
      transport.resume();
      return call.fail(error);
    }
    const { onReady } = listener;
    if (onReady !== undefined) {
      transport.on('drain', () => {
        try {
          if (!call.ended) onReady.call(listener);
        } catch (error) {
          call.fail(error);
        }
      });
    }
    call.onClosed(() => listener.onClosed?.());
    const intake = {
      onMessage: (request: Request) => {
        if (!call.ended) listener.onMessage(request);
      },
      onEnd: () => {
        if (!call.ended) listener.onEnd();
      },
      onFailed: call.fail,
    };
    readInto(transport, intake, serving.clock);
  };
}

export function serveClientStream<Request, Response>(
  handler: ClientStreamHandler<Request, Response>,
  serving: Serving,
): handleClientStreamingCall<Request | Undecodable, Response | Uint8Array> {
  return (transport, respond) => {
    const call = new ClientStreamCall<Response>(transport, respond, serving);
    if (!call.admit()) return void transport.resume();
    const requests = new Requests<Request>(transport, call.context.signal, serving.clock);
    settle(() => handler(requests, call.context), call.succeed, call.fail);
  };
}

/** A throw before the first await is a rejection like any other. */
function settle<T>(work: () => Promise<T>, done: (value: T) => void, fail: (error: unknown) => void): void {
  try {
    work().then(done, fail);
  } catch (error) {
    fail(error);
  }
}
