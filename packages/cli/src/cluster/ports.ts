import { createServer } from 'node:net';

export type PortState = 'free' | 'in-use' | 'forbidden' | 'no-such-host';

const states: Readonly<Record<string, PortState>> = {
  EADDRINUSE: 'in-use',
  EACCES: 'forbidden',
  EPERM: 'forbidden',
  EADDRNOTAVAIL: 'no-such-host',
  ENOTFOUND: 'no-such-host',
  EAI_AGAIN: 'no-such-host',
};

/** Tries to listen there, and lets go again. */
export function portState(host: string, port: number): Promise<PortState> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', (error: NodeJS.ErrnoException) => {
      const state = states[error.code ?? ''];
      if (state === undefined) reject(error);
      else resolve(state);
    });
    server.listen({ host, port, exclusive: true }, () => server.close(() => resolve('free')));
  });
}

/** As many ports as wanted that nobody uses now, held until all are known so that none comes twice. */
export async function freePorts(host: string, amount: number): Promise<readonly number[]> {
  const servers = await Promise.all(Array.from({ length: amount }, () => listenAnywhere(host)));
  const ports = servers.map(({ port }) => port);
  await Promise.all(servers.map(({ close }) => close()));
  return ports;
}

function listenAnywhere(host: string): Promise<{ port: number; close: () => Promise<void> }> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen({ host, port: 0 }, () => {
      const address = server.address();
      const port = typeof address === 'object' && address !== null ? address.port : 0;
      resolve({ port, close: () => new Promise((closed) => server.close(() => closed())) });
    });
  });
}
