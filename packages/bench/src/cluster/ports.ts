import { createServer } from 'node:net';
import type { Random } from '@everline/chassis/random';

/** Below the range from which the kernel takes ports for outgoing connections: a role that is started again must find its port free. */
const firstPort = 12_000;
const lastPort = 31_000;
const tries = 50;

/** Loopback ports in a row that nobody listens on. */
export async function freePorts(amount: number, random: Random): Promise<readonly number[]> {
  for (let attempt = 0; attempt < tries; attempt++) {
    const first = firstPort + Math.floor(random.next() * (lastPort - firstPort - amount));
    const ports = Array.from({ length: amount }, (_, index) => first + index);
    const free = await Promise.all(ports.map(isFree));
    if (free.every(Boolean)) return ports;
  }
  throw new Error(`no ${amount} free ports in a row between ${firstPort} and ${lastPort}`);
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(false));
    server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)));
  });
}
