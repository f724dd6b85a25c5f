import type { Configuration } from '../configuration/configuration.js';

/** Everything that a replica hears of. */
export type ReplicaEvent =
  | Learned
  | Append
  | Flushed
  | Promised
  | Restored
  | SourceLost
  | Hello
  | Acknowledgement
  | Shipped
  | StandbyLost
  | Unreachable
  | Altered
  | ResignAsked
  | LeaveAsked
  | Tick;

/** The router said so. */
export interface Learned {
  readonly kind: 'learned';
  readonly configuration: Configuration | undefined;
  readonly endedEpochs: readonly number[];
  /** Of the ended ones those whose master is dead. */
  readonly reapedEpochs?: readonly number[];
}

/** The available master's entries, or none: then it is a beat. */
export interface Append {
  readonly kind: 'append';
  readonly from: string;
  readonly epoch: number;
  readonly prevSeq: number;
  readonly prevEpoch: number;
  /** The epochs of the entries from prevSeq + 1 on, in order. */
  readonly runs: readonly Run[];
  readonly committedSeq: number;
  /** By the sender's clock; goes back as it is. */
  readonly sentAtMs: number;
}

export interface Run {
  readonly epoch: number;
  readonly count: number;
}

/** The own disk has the journal up to `seq`, as it was appended in this generation. */
export interface Flushed {
  readonly kind: 'flushed';
  readonly seq: number;
  readonly generation: number;
}

/** The own disk has the promise. */
export interface Promised {
  readonly kind: 'promised';
  readonly epoch: number;
}

/** A snapshot took the journal's place: it is all applied, and the journal goes on after it. */
export interface Restored {
  readonly kind: 'restored';
  readonly seq: number;
}

/** The stream from the available master ended. */
export interface SourceLost {
  readonly kind: 'source-lost';
}

/** A standby wants to follow. */
export interface Hello {
  readonly kind: 'hello';
  readonly masterId: string;
  readonly incarnation: string;
  readonly epoch: number;
  readonly lastSeq: number;
  readonly lastEpoch: number;
  readonly committedSeq: number;
  /** How long it waits for a lease that it granted (M9); as long as here when it does not say. */
  readonly leaseMs?: number;
}

/** `leaving`: this standby ends, and asks to be taken out of the set (M4). It answers nothing. */
export type Verdict = 'accepted' | 'mismatch' | 'stale-epoch' | 'leaving';

export interface Acknowledgement {
  readonly kind: 'acknowledgement';
  readonly masterId: string;
  readonly incarnation: string;
  /** The append's; with `stale-epoch` the one promised to. */
  readonly epoch: number;
  readonly verdict: Verdict;
  readonly seq: number;
  readonly hintSeq: number;
  readonly sentAtMs: number;
}

/** Entries up to and with `seq` were sent to this standby. */
export interface Shipped {
  readonly kind: 'shipped';
  readonly masterId: string;
  readonly seq: number;
}

/** A standby's stream ended. */
export interface StandbyLost {
  readonly kind: 'standby-lost';
  readonly masterId: string;
}

/** A connection to this master was refused just now: nobody listens there. */
export interface Unreachable {
  readonly kind: 'unreachable';
  readonly masterId: string;
}

/** The router's answer to an `ask` effect. A new configuration comes as an event of its own, before this one. */
export interface Altered {
  readonly kind: 'altered';
  readonly number: number;
  /** `unknown`: no answer; it may have been done, or be done later. */
  readonly answer: 'done' | 'refused' | 'unknown';
}

/** Give the role back in good order: switchover, SIGTERM. */
export interface ResignAsked {
  readonly kind: 'resign';
}

/** This process ends: ask for its own removal from the set, if it stands by (M4). */
export interface LeaveAsked {
  readonly kind: 'leave';
}

/** Time passed: at least every beat, and when a `wake` effect asked for it. */
export interface Tick {
  readonly kind: 'tick';
}
