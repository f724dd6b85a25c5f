import type { Server } from '@grpc/grpc-js';
import type { Clock } from '../clock.js';
import type { Listener } from '../listener.js';
import type { Log } from '../log.js';
import type { Health } from './health/health.js';
import type { Calls } from './serve/calls.js';

export interface Ending {
  readonly clock: Clock;
  readonly log: Log;
  readonly health: Health;
  readonly calls: Calls;
  readonly transport: Server;
  readonly listener: Listener | undefined;
}

/** Until what was said last has reached the clients. */
const farewellMs = 100;

/** Ends a server gracefully; whatever hangs, it is over `graceMs` and a farewell later. */
export async function end(
  { clock, log, health, calls, transport, listener }: Ending,
  graceMs: number,
): Promise<void> {
  health.shutDown();
  const disconnected = listener?.close();
  calls.drain();
  await within(clock, graceMs, calls.idle());
  if (calls.count > 0) log.warn({ calls: calls.count, graceMs }, 'calls did not end within the grace');
  calls.endAll();
  // Its callback comes too early on some versions of Node, and never if a stream hangs; a connection ends when all of it has been said.
  transport.tryShutdown(() => {});
  await within(clock, farewellMs, disconnected ?? Promise.resolve());
  transport.forceShutdown();
  listener?.destroy();
}

/** Waits for `work`, which does not fail, but not longer than `ms`. */
async function within(clock: Clock, ms: number, work: Promise<void>): Promise<void> {
  let cancel = (): void => {};
  const late = new Promise<void>((resolve) => {
    cancel = clock.after(ms, resolve);
  });
  await Promise.race([work, late]);
  cancel();
}
