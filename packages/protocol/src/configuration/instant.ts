/** The time of an event, given from outside: nothing here looks at a clock. */
export interface Instant {
  /** Monotonic; every decision uses this alone (T1). Comparable only within one run of the router. */
  readonly nowMs: number;
  /** Milliseconds since 1970, for people only. */
  readonly wallMs: number;
}
