import {
  type ChannelOptions,
  Client,
  type ClientDuplexStream,
  type ClientReadableStream,
  credentials,
  Metadata,
  type ServiceError,
} from '@grpc/grpc-js';
import type { Calls, Streams } from './messages.js';
import { method } from './schema.js';
import { WireError } from './wire-error.js';

const channelOptions: ChannelOptions = {
  'grpc.use_local_subchannel_pool': 1,
  'grpc.enable_http_proxy': 0,
  'grpc.service_config_disable_resolution': 1,
  'grpc.initial_reconnect_backoff_ms': 20,
  'grpc.min_reconnect_backoff_ms': 20,
  'grpc.max_reconnect_backoff_ms': 100,
};

export interface CallOptions {
  readonly deadlineMs?: number;
  readonly signal?: AbortSignal;
  /** Waits for a connection instead of failing at the first refused one. */
  readonly waitForReady?: boolean;
  readonly metadata?: Readonly<Record<string, string>>;
}

export interface Stream<Up, Down> {
  write(message: Up): boolean;
  end(): void;
  cancel(): void;
  onMessage(take: (message: Down) => void): void;
  /** Resolves when the stream is over: undefined after an OK. */
  readonly over: Promise<WireError | undefined>;
  pause(): void;
  resume(): void;
}

/** One channel to one process. */
export class Peer {
  readonly address: string;
  private readonly client: Client;

  constructor(address: string, options: ChannelOptions = {}) {
    this.address = address;
    this.client = new Client(address, credentials.createInsecure(), { ...channelOptions, ...options });
  }

  /** Begins to connect, and resolves when that is done. */
  ready(deadlineMs: number): Promise<void> {
    return new Promise((resolve, reject) => {
      this.client.waitForReady(Date.now() + deadlineMs, (error) => (error ? reject(error) : resolve()));
    });
  }

  call<Name extends keyof Calls>(
    name: Name,
    request: Calls[Name][0],
    options: CallOptions = {},
  ): Promise<Calls[Name][1]> {
    return this.callAny(name, request, options) as Promise<Calls[Name][1]>;
  }

  callAny(name: string, request: object, options: CallOptions = {}): Promise<object> {
    const { path, encode, decode } = method(name);
    const { deadlineMs = 5_000, signal, waitForReady = false } = options;
    const metadata = new Metadata({ waitForReady });
    for (const [key, value] of Object.entries(options.metadata ?? {})) metadata.set(key, value);
    return new Promise((resolve, reject) => {
      const call = this.client.makeUnaryRequest(
        path,
        encode,
        decode,
        request,
        metadata,
        { deadline: Date.now() + deadlineMs },
        (error, response) => {
          signal?.removeEventListener('abort', cancel);
          if (error) reject(new WireError(error, `${name} at ${this.address}`));
          else resolve(response ?? {});
        },
      );
      const cancel = (): void => call.cancel();
      if (signal?.aborted) cancel();
      else signal?.addEventListener('abort', cancel, { once: true });
    });
  }

  stream<Name extends keyof Streams>(
    name: Name,
    request?: Streams[Name][0],
  ): Stream<Streams[Name][0], Streams[Name][1]> {
    const { path, encode, decode, requestStream } = method(name);
    if (requestStream) {
      const call = this.client.makeBidiStreamRequest(path, encode, decode);
      if (request !== undefined) call.write(request);
      return this.wrap(name, call, call);
    }
    const call = this.client.makeServerStreamRequest(path, encode, decode, request ?? {});
    return this.wrap(name, call, undefined);
  }

  close(): void {
    this.client.close();
    // grpc-js goes on to dial when it was asked to in this very turn, and would keep that connection for good.
    setImmediate(() => this.client.close());
  }

  private wrap<Up extends object, Down>(
    name: string,
    call: ClientReadableStream<object>,
    up: ClientDuplexStream<object, object> | undefined,
  ): Stream<Up, Down> {
    let take: (message: Down) => void = () => {};
    call.on('data', (message: object) => take(message as Down));
    const over = new Promise<WireError | undefined>((resolve) => {
      call.once('error', (error: ServiceError) =>
        resolve(new WireError(error, `${name} at ${this.address}`)),
      );
      call.once('status', ({ code }) => code === 0 && resolve(undefined));
    });
    call.on('error', () => {});
    return {
      write: (message) => up?.write(message) ?? false,
      end: () => up?.end(),
      cancel: () => call.cancel(),
      onMessage: (taker) => {
        take = taker;
      },
      over,
      pause: () => void call.pause(),
      resume: () => void call.resume(),
    };
  }
}
