/** What the router decided: durable before anyone is told (R1), changed only by compare-and-set on `version`. */
export interface Configuration {
  /** Made with the first configuration and kept by every master (R9). */
  readonly clusterId: string;
  /** Grows with every change. */
  readonly version: number;
  /** Number of a reign: grows with every reign, never repeats. */
  readonly epoch: number;
  /** The master of this epoch, or, while nobody can take over, of the last one. */
  readonly availableId: string;
  /** The masters recorded as holding every committed entry. Always listed in `masters`, always with `availableId`. */
  readonly inSyncIds: readonly string[];
  /** In list order: the first is asked first. */
  readonly masters: readonly Listing[];
  /** The floor below which nothing commits. */
  readonly minInSync: number;
  /** Grows with every ForceAvailable (R10): what an older history promised may be lost. */
  readonly history: number;
}

export interface Listing {
  readonly masterId: string;
  /** "host:port", as it is handed to clients. */
  readonly address: string;
}

export function isListed(configuration: Configuration, masterId: string): boolean {
  return configuration.masters.some((listing) => listing.masterId === masterId);
}

export function isInSync(configuration: Configuration, masterId: string): boolean {
  return configuration.inSyncIds.includes(masterId);
}

export function addressOf(configuration: Configuration, masterId: string): string {
  return configuration.masters.find((listing) => listing.masterId === masterId)?.address ?? '';
}

export function sameSet(some: readonly string[], others: readonly string[]): boolean {
  return some.length === others.length && some.every((id) => others.includes(id));
}
