// The first call after a failover must not be the one that the machine learns on: calls are served beforehand that ask for nothing.
import type { Clock } from '@everline/chassis';
import { openChannel } from '@everline/chassis/channel';
import { Client } from '@grpc/grpc-js';

/** Enough for the compiler to take an interest. */
const calls = 100;
const waitMs = 1_000;
/** First it catches up with the others: until it has, it cannot be the next available master. */
const quietMs = 2_000;
const health = '/grpc.health.v1.Health/Check';
const empty = Buffer.alloc(0);

/** Some 100 ms of work, a call at a time, some time after the start. Without an answer it is left at that: nothing depends on it. */
export function warmUp(address: string, clock: Clock): AsyncDisposable {
  const stop = new AbortController();
  let done = Promise.resolve();
  const cancel = clock.after(quietMs, () => {
    done = callOften(address, clock, stop.signal);
  });
  const end = (): Promise<void> => {
    cancel();
    stop.abort();
    return done;
  };
  return { [Symbol.asyncDispose]: end };
}

async function callOften(address: string, clock: Clock, stop: AbortSignal): Promise<void> {
  using channel = openChannel(address);
  const client = channel.client(Client);
  const call = (): Promise<boolean> =>
    new Promise((resolve) => {
      const deadline = clock.wallMs() + waitMs;
      client.makeUnaryRequest(
        health,
        () => empty,
        () => undefined,
        undefined,
        { deadline },
        (error) => resolve(error === null),
      );
    });
  for (let made = 0; made < calls && !stop.aborted; made++) if (!(await call())) return;
}
