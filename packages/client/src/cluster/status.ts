export type MasterRole = 'available' | 'standby' | 'catching-up' | 'gone';

export interface MasterStatus {
  readonly masterId: string;
  readonly address: string;
  readonly role: MasterRole;
  readonly inSync: boolean;
  readonly alive: boolean;
  readonly lastSeq: number;
  readonly committedSeq: number;
  /** Wall clock of the router; undefined when it is not alive. */
  readonly aliveSinceMs: number | undefined;
  /** Of its software. */
  readonly version: string;
  /** A hash of its state after `stateHashSeq`: equal at every master, or something is broken. */
  readonly stateHash: string;
  readonly stateHashSeq: number;
}

export type ClusterEventKind =
  | 'formed'
  | 'joined'
  | 'gone'
  | 'in-sync'
  | 'out-of-sync'
  | 'failover'
  | 'switchover'
  | 'forced'
  | 'recovered'
  | 'other';

export interface ClusterEvent {
  readonly atMs: number;
  readonly epoch: number;
  readonly what: string;
  readonly kind: ClusterEventKind;
  readonly masterId: string | undefined;
  /** Of a change of the available master: from the first sign of the fault to the new configuration being durable. */
  readonly tookMs: number | undefined;
}

/** Everything the router knows. */
export interface ClusterStatus {
  readonly clusterId: string;
  readonly epoch: number;
  readonly version: number;
  /** Grows with every forced change; what was promised in an older one may be lost. */
  readonly history: number;
  readonly minInSync: number;
  /** Masters that hold every acknowledged entry and live. */
  readonly liveCopies: number;
  /** In list order. */
  readonly masters: readonly MasterStatus[];
  /** Newest first. */
  readonly events: readonly ClusterEvent[];
}
