// The list of masters, whose order is the order of preference.
// R6 A returning master goes to the end of the list; the same process that merely dials anew keeps its place.
// R7 Another storage at the same address replaces the one before, unless that is in sync: only the available master may
//    take it out of the set (R2).
import { type Configuration, isInSync, type Listing } from './configuration.js';

/** The same configuration when nothing changes. */
export function withListing(
  configuration: Configuration,
  listing: Listing,
  place: 'keep' | 'end',
): Configuration {
  const isOwn = ({ masterId }: Listing): boolean => masterId === listing.masterId;
  const before = configuration.masters;
  const staying = before.filter(
    (other) => isOwn(other) || other.address !== listing.address || isInSync(configuration, other.masterId), // R7
  );
  const masters =
    place === 'keep' && before.some(isOwn)
      ? staying.map((other) => (isOwn(other) ? listing : other))
      : [...staying.filter((other) => !isOwn(other)), listing]; // R6
  if (sameListings(before, masters)) return configuration;
  return { ...configuration, version: configuration.version + 1, masters };
}

export function withoutListings(configuration: Configuration, ids: readonly string[]): Configuration {
  const masters = configuration.masters.filter(({ masterId }) => !ids.includes(masterId));
  return { ...configuration, version: configuration.version + 1, masters };
}

function sameListings(some: readonly Listing[], others: readonly Listing[]): boolean {
  return (
    some.length === others.length &&
    some.every(({ masterId, address }, place) => {
      const other = others[place];
      return other?.masterId === masterId && other.address === address;
    })
  );
}
