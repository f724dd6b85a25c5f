export interface Address {
  readonly host: string;
  readonly port: number;
}

const pattern = /^(?:\[([0-9a-fA-F:.%]+)\]|([^\s:,[\]/]+)):(\d{1,5})$/;

/**
 * `HOST:PORT`, `[IPV6]:PORT`. `localhost` is taken as 127.0.0.1: a name would cost a look-up at every connection.
 * @throws RangeError when it is none.
 */
export function parseAddress(text: string): Address {
  const match = pattern.exec(text.trim());
  const host = match?.[1] ?? match?.[2];
  const port = Number(match?.[3]);
  if (host === undefined || !(port <= 65_535)) throw new RangeError(`"${text}" is no HOST:PORT`);
  return { host: host.toLowerCase() === 'localhost' ? '127.0.0.1' : host, port };
}

/** The inverse of `parseAddress`. */
export function formatAddress({ host, port }: Address): string {
  return host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`;
}
