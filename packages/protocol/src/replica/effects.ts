import type { Configuration } from '../configuration/configuration.js';
import type { Verdict } from './events.js';

/** What a decision wants done, in this order. What it costs or returns is the shell's business. */
export type Effect =
  | Keep
  | PromiseEpoch
  | Truncate
  | Store
  | Apply
  | Acknowledge
  | Begin
  | Serve
  | Resume
  | TellResigned
  | StepDown
  | Ship
  | FetchSnapshot
  | Dismiss
  | Ask
  | Wake
  | RefuseReign
  | Violated;

/** Keep a copy of the configuration (R9). */
export interface Keep {
  readonly kind: 'keep';
  readonly configuration: Configuration;
}

/** Make the promise durable, then say `promised` (M2). */
export interface PromiseEpoch {
  readonly kind: 'promise';
  readonly epoch: number;
}

/** Cut the journal: this entry and all after it never happened (M2). */
export interface Truncate {
  readonly kind: 'truncate';
  readonly fromSeq: number;
}

/** Append these of the entries that just came; say `flushed` with this generation when they are on disk. */
export interface Store {
  readonly kind: 'store';
  readonly fromSeq: number;
  readonly toSeq: number;
  readonly generation: number;
}

/** Committed, and on this disk: apply, then answer, then show (M1). */
export interface Apply {
  readonly kind: 'apply';
  readonly toSeq: number;
}

export interface Acknowledge {
  readonly kind: 'acknowledge';
  readonly to: string;
  readonly epoch: number;
  readonly verdict: Verdict;
  readonly seq: number;
  readonly hintSeq: number;
  readonly sentAtMs: number;
}

/** M7: append the empty entry that begins the reign; say `flushed` when it is on disk. */
export interface Begin {
  readonly kind: 'begin';
  readonly epoch: number;
  readonly seq: number;
  readonly generation: number;
}

/** M7: clients may come. */
export interface Serve {
  readonly kind: 'serve';
  readonly epoch: number;
}

/** The resignation was given up: take writes again. */
export interface Resume {
  readonly kind: 'resume';
  readonly epoch: number;
}

/** M10: tell the router that this epoch is over; nothing is answered in it any more. */
export interface TellResigned {
  readonly kind: 'resigned';
  readonly epoch: number;
}

/** M6: stop at once, fail what waits, end the streams. */
export interface StepDown {
  readonly kind: 'step-down';
  readonly epoch: number;
  readonly newerEpoch: number;
}

/** The standby's position is known or was corrected: send from its `nextSeq`. */
export interface Ship {
  readonly kind: 'ship';
  readonly masterId: string;
}

/** The journal begins after what the standby has. */
export interface FetchSnapshot {
  readonly kind: 'snapshot-needed';
  readonly masterId: string;
}

/** End this standby's stream: not the available master here, or a standby that cannot be right. */
export interface Dismiss {
  readonly kind: 'dismiss';
  readonly masterId: string;
  readonly reason: 'not-available' | 'data-lost' | 'diverged';
}

/** AlterInSync (M4, M5). */
export interface Ask {
  readonly kind: 'ask';
  readonly number: number;
  readonly epoch: number;
  readonly version: number;
  readonly inSyncIds: readonly string[];
}

/** A tick is wanted then. */
export interface Wake {
  readonly kind: 'wake';
  readonly atMs: number;
}

/** R7: the configuration makes this master available without naming it in the set. */
export interface RefuseReign {
  readonly kind: 'refuse-reign';
  readonly epoch: number;
}

/** What cannot be has been: stop before more harm is done. */
export interface Violated {
  readonly kind: 'violated';
  readonly what: string;
}
