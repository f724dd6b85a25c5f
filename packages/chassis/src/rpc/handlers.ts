/** The shapes of handlers, one for each shape of call. Whatever they throw, at whatever time, ends their call and nothing else. */
import type { Metadata } from '@grpc/grpc-js';

export interface CallContext {
  /**
   * Aborts when nobody waits any more (`CallEnded`), and when this process drains (a `Refusal` with reason SHUTTING_DOWN: at once for streams, at the end of the
   * grace for the rest). Made when it is first looked at.
   */
  readonly signal: AbortSignal;
  /** What the signal would say, without making one: for calls of which there are thousands a second. */
  readonly aborted: boolean;
  readonly reason: unknown;
  /** `fn` is told the reason, once, when the signal aborts or would: for streams of which there are thousands, as each signal takes 2 KB. One a call. */
  onAborted(fn: (reason: unknown) => void): void;
  /** When the caller stops waiting, on the monotonic clock; undefined when it never does. */
  readonly deadlineMs: number | undefined;
  readonly metadata: Metadata;
  /** `host:port` of the other end. */
  readonly peer: string;
  /** `/package.Service/Method`. */
  readonly method: string;
}

/** The answers of a stream. A message may be given as its encoded bytes: then it is not encoded again. */
export interface Out<Response> {
  /** False when the transport has enough for now (16 messages wait): wait for `ready`, or coalesce. False, and nothing sent, after the end. */
  write(message: Response | Uint8Array): boolean;
  /** Resolves when a write is welcome again; rejects with the reason when the call has ended, or its signal aborts, before. */
  ready(): Promise<void>;
  /** Messages written that the transport has not taken yet. */
  readonly pending: number;
  readonly ended: boolean;
}

/** For the callback form: the stream does not end by a promise, so it is ended by hand. */
export interface OpenOut<Response> extends Out<Response> {
  /** Ends the call with OK after everything written. Later calls do nothing. */
  end(): void;
  /** Ends the call after everything written, with the status of this error. */
  fail(error: unknown): void;
}

/** Flow control of the requests: paused, the client is held back by HTTP/2 when its window is full. */
export interface Intake {
  pause(): void;
  resume(): void;
}

export type UnaryHandler<Request, Response> = (
  request: Request,
  context: CallContext,
) => Promise<Response | Uint8Array> | Response | Uint8Array;

/** Ends with OK when the promise resolves; when it resolves after the signal has aborted, with the signal's reason. */
export type ServerStreamHandler<Request, Response> = (
  request: Request,
  context: CallContext,
  out: Out<Response>,
) => Promise<void>;

export type ClientStreamHandler<Request, Response> = (
  requests: AsyncIterable<Request>,
  context: CallContext,
) => Promise<Response | Uint8Array>;

export type BidiHandler<Request, Response> = (
  requests: AsyncIterable<Request>,
  context: CallContext,
  out: Out<Response>,
) => Promise<void>;

/** The form without a promise for each message. */
export interface BidiCallbacks<Request, Response> {
  /** Called once for each call, before anything is read. */
  open(context: CallContext, out: OpenOut<Response>, intake: Intake): BidiListener<Request>;
}

/** A throw in any of these fails the call. */
export interface BidiListener<Request> {
  onMessage(request: Request): void;
  /**
   * The client will send no more; the call goes on until `out.end` or `out.fail`. No proof that it has sent all it wanted: some clients end their requests right before
   * they cancel. Where that matters, the last message says that it is the last.
   */
  onEnd(): void;
  /** A write is welcome again after one returned false. */
  onReady?(): void;
  /** The call is over, whoever ended it; called once. */
  onClosed?(): void;
}

type RequestOf<M> = M extends { readonly requestDeserialize: (bytes: Buffer) => infer R } ? R : never;
type ResponseOf<M> = M extends { readonly responseSerialize: (value: infer R) => Buffer } ? R : never;

type HandlerOf<M> = M extends { readonly requestStream: false; readonly responseStream: false }
  ? UnaryHandler<RequestOf<M>, ResponseOf<M>>
  : M extends { readonly requestStream: false; readonly responseStream: true }
    ? ServerStreamHandler<RequestOf<M>, ResponseOf<M>>
    : M extends { readonly requestStream: true; readonly responseStream: false }
      ? ClientStreamHandler<RequestOf<M>, ResponseOf<M>>
      : BidiHandler<RequestOf<M>, ResponseOf<M>> | BidiCallbacks<RequestOf<M>, ResponseOf<M>>;

/** A handler for every method of a generated service definition. */
export type Handlers<Definition> = { readonly [Name in keyof Definition]: HandlerOf<Definition[Name]> };
