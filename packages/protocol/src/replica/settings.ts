/** Who this replica is, and how long it waits. Times are elapsed monotonic milliseconds (T1). */
export interface ReplicaSettings {
  readonly masterId: string;
  /** How long an acknowledged beat allows reads without asking anyone (M9). Less than the router's suspicion. */
  readonly leaseMs: number;
  /** An in-sync standby that stays behind for longer is taken out of the set (M4). */
  readonly lagMs: number;
  readonly beatMs: number;
  /** One that was taken out for that joins again after this, doubled each time, up to `rejoinMaxMs`: each time it fails, writes wait for `lagMs`. */
  readonly rejoinMs: number;
  readonly rejoinMaxMs: number;
  /** A standby whose stream broke is expected back for this long: a network blip costs one dial. */
  readonly redialMs: number;
  /** A change of the in-sync set without an answer is asked for again after this. */
  readonly askAgainMs: number;
  /** How long a resignation may wait for the last acknowledgements before it is given up. */
  readonly resignMs: number;
}

/** Two monotonic clocks differ by less than this: the one who granted a lease counts longer than the one who holds it (M9). */
export const CLOCK_RATE_SLACK = 0.02;

export const defaultReplicaTimes: Omit<ReplicaSettings, 'masterId'> = {
  leaseMs: 400,
  lagMs: 500,
  beatMs: 100,
  rejoinMs: 1000,
  rejoinMaxMs: 6000,
  redialMs: 30,
  askAgainMs: 150,
  resignMs: 250,
};
