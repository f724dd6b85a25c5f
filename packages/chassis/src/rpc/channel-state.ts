import { type Channel, connectivityState, status } from '@grpc/grpc-js';
import type { Cancel, Clock } from '../clock.js';
import { RpcFailed } from '../errors.js';

/** `broken` is final: the connection was lost or never came about. Dispose the channel and open another. */
export type RpcChannelState = 'idle' | 'connecting' | 'ready' | 'broken' | 'closed';

export interface ChannelWatch {
  state(): RpcChannelState;
  /** Called at every change, and at the disposal. */
  onChange(fn: () => void): Cancel;
  close(): void;
}

export function watchState(channel: Channel): ChannelWatch {
  const listeners = new Set<() => void>();
  let state: RpcChannelState = 'idle';

  function follow(seen: connectivityState): void {
    channel.watchConnectivityState(seen, Number.POSITIVE_INFINITY, () => {
      if (state === 'closed') return;
      const now = channel.getConnectivityState(false);
      state = next(state, now);
      if (state !== 'broken') follow(now);
      for (const listener of [...listeners]) listener();
    });
  }
  follow(channel.getConnectivityState(false));

  return {
    state: () => state,
    onChange: (fn) => {
      listeners.add(fn);
      return () => void listeners.delete(fn);
    },
    close: () => {
      if (state === 'closed') return;
      state = 'closed';
      for (const listener of [...listeners]) listener();
    },
  };
}

export function onBroken(watch: ChannelWatch, clock: Clock, fn: () => void): Cancel {
  let cancelled = false;
  const tell = (): void => {
    if (cancelled || watch.state() !== 'broken') return;
    cancel();
    fn();
  };
  const cancelChange = watch.onChange(tell);
  const cancel = (): void => {
    cancelled = true;
    cancelChange();
  };
  if (watch.state() === 'broken') clock.soon(tell);
  return cancel;
}

export function whenReady(
  watch: ChannelWatch,
  clock: Clock,
  deadlineMs: number,
  address: string,
): Promise<void> {
  return new Promise((resolve, reject) => {
    const finish = (how: () => void): void => {
      cancelTimer();
      cancelChange();
      how();
    };
    const fail = (code: status, details: string) => finish(() => reject(new RpcFailed(code, details)));
    const cancelTimer = clock.after(deadlineMs, () =>
      fail(status.DEADLINE_EXCEEDED, `no connection to ${address} within ${deadlineMs} ms`),
    );
    const look = (): void => {
      const state = watch.state();
      if (state === 'ready') finish(resolve);
      else if (state === 'broken' || state === 'closed')
        fail(status.UNAVAILABLE, `no connection to ${address}`);
    };
    const cancelChange = watch.onChange(look);
    look();
  });
}

/** Once it was connected, or has failed to, a channel never gets better. */
function next(state: RpcChannelState, seen: connectivityState): RpcChannelState {
  if (state === 'broken' || seen === connectivityState.SHUTDOWN) return 'broken';
  switch (seen) {
    case connectivityState.READY:
      return 'ready';
    case connectivityState.TRANSIENT_FAILURE:
      return 'broken';
    case connectivityState.CONNECTING:
      return state === 'ready' ? 'broken' : 'connecting';
    case connectivityState.IDLE:
      return state === 'ready' || state === 'connecting' ? 'broken' : 'idle';
  }
}
