import { createServer } from 'node:net';

/**
 * Below the range from which the kernel takes ports for outgoing connections: a role that is started again must find
 * its port free, and a connection of somebody else's might have taken it in the meantime.
 */
const firstPort = 12_000;
const lastPort = 31_000;

let next = firstPort + Math.floor(Math.random() * (lastPort - firstPort));

/** Ports in a row that nobody listens on; `everline up` takes them so. */
export async function freePorts(count: number): Promise<number[]> {
  for (;;) {
    if (next + count > lastPort) next = firstPort;
    const ports = Array.from({ length: count }, (_, index) => next + index);
    next += count;
    const free = await Promise.all(ports.map(isFree));
    if (free.every(Boolean)) return ports;
  }
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(false));
    server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)));
  });
}
