import type { Configuration } from './configuration.js';
import type { Copy } from './recover.js';

/**
 * Everything the router knows, as plain data. `durable` outlives the process; all the rest is found anew after a restart.
 * A state is never changed: a decision makes the next one.
 */
export interface RouterState {
  readonly durable: Durable;
  /** Every master that registered since this router started, those that left included. */
  readonly members: readonly Member[];
  readonly startedMs: number;
  /** When the last event was handled: a long gap is a stall of the router's own (R8). */
  readonly steppedMs: number;
  /** Until then nobody's silence counts (R8). */
  readonly patientUntilMs: number;
  /** The first sign that the present available master fails; undefined while all is well. */
  readonly firstSignMs: number | undefined;
  /** When a master's penalty ends, by id (R6). */
  readonly penaltyEndsMs: Readonly<Record<string, number>>;
  readonly switchover: Switchover | undefined;
  /** Incarnations whose end a watchdog saw: what still arrives from them is late. */
  readonly deadIncarnations: readonly string[];
  readonly keptCommittedMs: number;
  readonly standing: Standing;
}

/** Whether this router may decide: its durable state must be the cluster's newest (R9). */
export type Standing =
  | { readonly kind: 'deciding' }
  /** A master knows a newer configuration: this state was restored from an old copy. */
  | { readonly kind: 'outdated'; readonly version: number }
  | { readonly kind: 'recovering'; readonly copies: readonly Copy[] };

export interface Durable {
  /** Undefined until the first master forms the cluster. */
  readonly configuration: Configuration | undefined;
  /** The latest reigns, the present one last. */
  readonly reigns: readonly Reign[];
  /** Of the latest registration of each listed master: only another process goes to the end of the list (R6). */
  readonly incarnations: Readonly<Record<string, string>>;
  /** The most that each master reported as committed (R7). */
  readonly committed: Readonly<Record<string, number>>;
  readonly penalties: Readonly<Record<string, Penalty>>;
  /** Newest first. */
  readonly events: readonly ClusterEvent[];
}

/** A reign belongs to one incarnation of one master. */
export interface Reign {
  readonly epoch: number;
  readonly masterId: string;
  readonly incarnation: string;
  /** Set when it is certain that this master serves no more in this epoch (M10). */
  readonly ended?: 'reaped' | 'resigned';
}

/** Of a master that failed while it was available (R6). */
export interface Penalty {
  readonly strikes: number;
  readonly penaltyMs: number;
}

export interface Switchover {
  readonly epoch: number;
  readonly toMasterId: string;
  readonly sinceMs: number;
}

export interface Member {
  readonly masterId: string;
  readonly address: string;
  /** Of the latest registration; nothing from another one is believed (R7). */
  readonly incarnation: string;
  readonly software: string;
  readonly stream: Stream;
  /** When the last sign of life arrived. */
  readonly heardMs: number;
  /** The newest epoch it has promised to. */
  readonly epoch: number;
  readonly lastSeq: number;
  /** What it had a report before, and still has. Reports are of different moments: only this can be compared with another's. */
  readonly settled: { readonly seq: number; readonly atMs: number };
  readonly committedSeq: number;
  readonly stateHash: string;
  readonly stateHashSeq: number;
  readonly witness: Witness | undefined;
}

/** A master's life line. */
export type Stream =
  /** Registered, its DualPing is yet to come. */
  | { readonly phase: 'awaited'; readonly sinceMs: number }
  | { readonly phase: 'open'; readonly id: number; readonly sinceWallMs: number }
  | { readonly phase: 'broken'; readonly sinceMs: number }
  /** Its watchdog saw the process end. */
  | { readonly phase: 'dead'; readonly sinceMs: number; readonly how: string };

/** What a standby says of the available master of `epoch`. */
export interface Witness {
  readonly epoch: number;
  readonly heardMs: number;
  readonly unreachable: boolean;
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
  | 'recovered';

export interface ClusterEvent {
  readonly atWallMs: number;
  readonly epoch: number;
  readonly kind: ClusterEventKind;
  /** Of whom it tells; empty when of none. */
  readonly masterId: string;
  /** One sentence for people. */
  readonly what: string;
  /** Of a change of the available master: from the first sign of the fault to the configuration being durable; else 0. */
  readonly tookMs: number;
}
