import { formatAddress, parseAddress } from '@everline/chassis/address';
import type { ConnectOptions } from './client.js';
import { bounds } from './times.js';

/** The routers' addresses, checked; throws a TypeError or RangeError that says what is wrong. */
export function routersOf({ routers }: Pick<ConnectOptions, 'routers'>): readonly string[] {
  const all = (typeof routers === 'string' ? [routers] : routers).flatMap((text) => text.split(','));
  const named = all.map((text) => text.trim()).filter((text) => text !== '');
  const addresses = [...new Set(named.map((text) => formatAddress(parseAddress(text))))];
  if (addresses.length === 0) throw new TypeError('no router is named: routers: "host:port"');
  if (addresses.length > bounds.routers)
    throw new TypeError(`${addresses.length} routers: at most ${bounds.routers}`);
  return addresses;
}

/** A time of the options within its limits; throws a RangeError that names it. */
export function millisecondsOf(name: string, ms: number): number {
  if (!Number.isFinite(ms) || ms < 1 || ms > 2 ** 31 - 1) {
    throw new RangeError(`${name} is ${ms}: 1 to ${2 ** 31 - 1} milliseconds`);
  }
  return ms;
}

export function inFlightOf(inFlight: number): number {
  if (!Number.isInteger(inFlight) || inFlight < 1 || inFlight > bounds.postsInFlight) {
    throw new RangeError(`inFlight is ${inFlight}: 1 to ${bounds.postsInFlight}`);
  }
  return inFlight;
}
