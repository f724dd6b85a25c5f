/** The router's settings, as far as they decide anything. */
export interface Rules {
  /** Silence of this length is suspicious (R8). */
  readonly suspicionMs: number;
  /** No change makes the in-sync set smaller than this (R5). */
  readonly minInSync: number;
  /** A router without state, or with one older than the masters', may rebuild it from their copies (R9). */
  readonly recover: boolean;
}
