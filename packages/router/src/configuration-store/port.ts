// Where the router keeps what it decided. The store knows nothing of what it keeps; `keep-durable.ts` does.
// The contract suite (test/configuration-store/contract.ts) says what every implementation must do.

export interface Stored {
  /** Grows by one with every change; 1 is the first. */
  readonly revision: number;
  readonly bytes: Uint8Array;
}

export type SetResult =
  /** Durable now. */
  | { readonly kind: 'kept'; readonly revision: number }
  /** Somebody else was quicker; nothing was changed. */
  | { readonly kind: 'conflict'; readonly newest: Stored | undefined };

/** The right to decide. It ends by being disposed, or by being lost. */
export interface Tenure extends AsyncDisposable {
  readonly lost: AbortSignal;
}

export interface ConfigurationStore extends AsyncDisposable {
  /** The newest; undefined when nothing was ever kept. @throws DamagedState */
  get(): Promise<Stored | undefined>;
  /**
   * Keeps `bytes` when `expected` is still the newest revision (0: when there is none).
   * @throws NotKept, certainly nothing was changed; OutcomeUnknown, it may or may not have been kept: ask `get`.
   */
  compareAndSet(expected: number, bytes: Uint8Array): Promise<SetResult>;
  /** Tells every newest one from now on; the ones between may be left out. */
  watch(changed: (newest: Stored) => void): () => void;
  /** Waits until nobody else decides on this store. */
  acquire(signal: AbortSignal): Promise<Tenure>;
}
