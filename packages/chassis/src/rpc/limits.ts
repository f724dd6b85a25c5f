import type { ServerOptions } from '@grpc/grpc-js';
import type { Clock } from '../clock.js';
import { door } from './serve/door.js';

export interface RpcLimits {
  /** A larger request ends its call with RESOURCE_EXHAUSTED. Default 4 MiB. */
  readonly maxMessageBytes: number;
  /** Streams open at once; one more is refused with RESOURCE_EXHAUSTED, TOO_MANY_STREAMS. Default 10,000. */
  readonly maxStreams: number;
  /** Unary calls in work at once; one more is refused with RESOURCE_EXHAUSTED, QUEUE_FULL. Default 10,000. */
  readonly maxCalls: number;
  /** Connections at once; one more is closed at once. Default 12,000. */
  readonly maxConnections: number;
  /** A connection without a call is closed after this. Default never: warm connections to a standby carry no calls, and every call would pay for the count. */
  readonly maxIdleMs: number | undefined;
  /** Clients are pinged so often, and a connection whose ping stays unanswered for `keepaliveTimeoutMs` is closed. Defaults 10,000 and 5,000. */
  readonly keepaliveMs: number;
  readonly keepaliveTimeoutMs: number;
}

const defaults: RpcLimits = {
  maxMessageBytes: 4 * 1024 * 1024,
  maxStreams: 10_000,
  maxCalls: 10_000,
  maxConnections: 12_000,
  maxIdleMs: undefined,
  keepaliveMs: 10_000,
  keepaliveTimeoutMs: 5_000,
};

/** Room for calls that are refused for their own kind and are on their way out. */
const refusedAtOnce = 100;

export function withDefaults(limits: Partial<RpcLimits> | undefined): RpcLimits {
  return { ...defaults, ...limits };
}

export function transportOptions(limits: RpcLimits, clock: Clock): ServerOptions {
  const maxOpen = limits.maxStreams + limits.maxCalls + refusedAtOnce;
  return {
    'grpc.max_receive_message_length': limits.maxMessageBytes,
    // What we send is bounded by whoever makes it.
    'grpc.max_send_message_length': -1,
    interceptors: [door(maxOpen, clock)],
    // For what never reaches the door, such as unknown methods. A client that meets this limit waits in silence, so no other may.
    'grpc.max_concurrent_streams': 2 * maxOpen,
    ...(limits.maxIdleMs === undefined ? {} : { 'grpc.max_connection_idle_ms': limits.maxIdleMs }),
    'grpc.keepalive_time_ms': limits.keepaliveMs,
    'grpc.keepalive_timeout_ms': limits.keepaliveTimeoutMs,
    'grpc.enable_channelz': 0,
  };
}
