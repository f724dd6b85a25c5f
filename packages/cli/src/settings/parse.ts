/** A value of a flag or an environment variable that cannot be meant; the message says where it stood and what would do. */
export class SettingInvalid extends Error {
  override readonly name = 'SettingInvalid';
}

export const defaultRouterPort = 3010;

const addressPattern = /^(?:\[([0-9a-fA-F:.%]+)\]|([^\s:,[\]]+)):(\d{1,5})$/;
const durationPattern = /^(\d+(?:\.\d+)?)(ms|s|min|m|h)?$/;
const unitMs: Readonly<Record<string, number>> = { ms: 1, s: 1_000, min: 60_000, m: 60_000, h: 3_600_000 };
/** As many as the client library keeps in touch with. */
const mostRouters = 8;
const longestMs = 24 * 3_600_000;

/** `HOST:PORT[,HOST:PORT…]` → normalised addresses. `localhost` is taken as 127.0.0.1: no name look-up stands in the way. */
export function parseRouters(text: string, from: string): readonly string[] {
  const addresses = [...new Set(text.split(',').map((part) => parseAddress(part.trim(), from)))];
  if (addresses.length <= mostRouters) return addresses;
  throw new SettingInvalid(`${from}: ${addresses.length} routers are more than ${mostRouters}`);
}

function parseAddress(text: string, from: string): string {
  const match = addressPattern.exec(text);
  const port = Number(match?.[3]);
  if (match === null || port < 1 || port > 65_535) {
    throw new SettingInvalid(`${from}: \`${text}\` is no HOST:PORT (e.g. 127.0.0.1:${defaultRouterPort})`);
  }
  const host = match[1] ?? match[2] ?? '';
  return formatAddress(host, port);
}

export function formatAddress(host: string, port: number): string {
  const literal = host.toLowerCase() === 'localhost' ? '127.0.0.1' : host;
  return literal.includes(':') ? `[${literal}]:${port}` : `${literal}:${port}`;
}

/** `500ms`, `10s`, `2min`, `1h`; a bare number is seconds. */
export function parseDuration(text: string, from: string): number {
  const match = durationPattern.exec(text.trim());
  const ms = Number(match?.[1]) * (unitMs[match?.[2] ?? 's'] ?? 0);
  if (match === null || ms < 1 || ms > longestMs) {
    throw new SettingInvalid(`${from}: \`${text}\` is no duration between 1ms and 24h (e.g. 10s)`);
  }
  return Math.round(ms);
}

export function parseWhole(text: string, from: string, least: number, most: number): number {
  const value = /^\d{1,15}$/.test(text.trim()) ? Number(text) : Number.NaN;
  if (!(value >= least && value <= most)) {
    throw new SettingInvalid(`${from}: \`${text}\` is no whole number from ${least} to ${most}`);
  }
  return value;
}
