/**
 * The way to one peer, for as long as nothing makes us doubt it. A channel that breaks is thrown away and a new one is opened: it inherits no backoff
 * (its own subchannel pool), so a peer that comes back is reached within milliseconds.
 */
import { isIP } from 'node:net';
import {
  Channel,
  type ChannelCredentials,
  type ChannelOptions,
  type Client,
  type ClientOptions,
} from '@grpc/grpc-js';
import { type Cancel, type Clock, systemClock } from '../clock.js';
import { formatAddress, parseAddress } from '../config/address.js';
import { createCallsInFlight } from './calls-in-flight.js';
import { onBroken, type RpcChannelState, watchState, whenReady } from './channel-state.js';
import { Plaintext } from './plaintext.js';

export interface RpcChannelOptions {
  readonly clock?: Clock;
  /** Pings the connection so often, also without calls, and breaks it when one stays unanswered for `keepaliveTimeoutMs` (default 5,000). Default: no pings. */
  readonly keepaliveMs?: number;
  readonly keepaliveTimeoutMs?: number;
  /** The largest answer taken. Default 4 MiB. */
  readonly maxMessageBytes?: number;
}

export interface RpcChannel extends Disposable {
  readonly address: string;
  /** A generated client on this channel; made anew at every call, so keep it. Do not close it. */
  client<C extends Client>(of: ClientConstructor<C>): C;
  /** Connects. Rejects with RpcFailed: UNAVAILABLE at the first failure, DEADLINE_EXCEEDED after `deadlineMs` (from now); then the channel is to be thrown away. */
  ready(deadlineMs: number): Promise<void>;
  state(): RpcChannelState;
  /** `fn` is called once, when the channel breaks; at once (asynchronously) if it has; never because of its disposal. */
  onBroken(fn: () => void): Cancel;
  /** Calls in flight end with UNAVAILABLE at once, streams, too; a stream that is begun later throws. */
  [Symbol.dispose](): void;
}

export type ClientConstructor<C extends Client> = new (
  address: string,
  credentials: ChannelCredentials,
  options?: Partial<ClientOptions>,
) => C;

/** @param address literal `host:port`; a name costs a look-up. Connects at the first call or `ready`. */
export function openChannel(address: string, options: RpcChannelOptions = {}): RpcChannel {
  const { clock = systemClock } = options;
  const plaintext = new Plaintext();
  const channel = new Channel(targetOf(address), plaintext, transportOptions(options));
  const watch = watchState(channel);
  const inFlight = createCallsInFlight();
  return {
    address,
    client: (Generated) =>
      new Generated(address, plaintext, {
        channelOverride: channel,
        callInvocationTransformer: inFlight.track,
      }),
    ready: (deadlineMs) => {
      if (watch.state() === 'idle') channel.getConnectivityState(true);
      return whenReady(watch, clock, deadlineMs, address);
    },
    state: () => watch.state(),
    onBroken: (fn) => onBroken(watch, clock, fn),
    [Symbol.dispose]: () => {
      watch.close();
      inFlight.end();
      channel.close();
      // grpc-js goes on to dial when it was asked to in this very turn, and would keep that connection for good.
      clock.soon(() => channel.close());
    },
  };
}

/** A bare `host:port` is a name to grpc-js, which sets up a resolver of its own for it: a millisecond, also for an IP address. */
function targetOf(address: string): string {
  const parsed = parseAddress(address);
  const version = isIP(parsed.host);
  return version === 0 ? formatAddress(parsed) : `ipv${version}:${formatAddress(parsed)}`;
}

function transportOptions(options: RpcChannelOptions): ChannelOptions {
  const { keepaliveMs, keepaliveTimeoutMs = 5_000, maxMessageBytes = 4 * 1024 * 1024 } = options;
  return {
    'grpc.use_local_subchannel_pool': 1,
    'grpc.enable_http_proxy': 0,
    'grpc.service_config_disable_resolution': 1,
    'grpc.enable_retries': 0,
    'grpc.enable_channelz': 0,
    'grpc.max_receive_message_length': maxMessageBytes,
    'grpc.max_send_message_length': -1,
    // A warm channel carries no calls, perhaps for days: only a lost connection may make it idle.
    'grpc.client_idle_timeout_ms': 2 ** 31 - 1,
    ...(keepaliveMs === undefined
      ? {}
      : {
          'grpc.keepalive_time_ms': keepaliveMs,
          'grpc.keepalive_timeout_ms': keepaliveTimeoutMs,
          'grpc.keepalive_permit_without_calls': 1,
        }),
  };
}
