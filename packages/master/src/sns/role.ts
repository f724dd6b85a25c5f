// What the calls of clients need of the role. role/ provides it.
import type { Cancel } from '@everline/chassis';
import type { Draft } from '../state/draft.js';
import type { Outcome } from '../state/outcome.js';

export interface Role {
  /** Throws a Refusal NOT_AVAILABLE_MASTER, with the address of the one that is, when this master is not the available one. */
  available(): Reign;
  readonly reigns: boolean;
  onChange(listener: () => void): Cancel;
  /** Resolves when the role is here or elsewhere: at once, unless it is just on its way; after `maxMs` in any case. */
  settled(maxMs: number): Promise<void>;
}

/** As long as this master serves in one epoch. */
export interface Reign {
  readonly epoch: number;
  /** Aborts with `Moved` as its reason. */
  readonly ended: AbortSignal;
  /** Attaches to the one of the same id that is under way. Resolves after commit and apply (M1); rejects with NOT_AVAILABLE_MASTER when the reign ends first (M6). */
  propose(draft: Draft, caller: Caller): Promise<Answer>;
  /** The same for who posts thousands a second: a promise and what hangs on it would outlive its youth in every one. @throws Refusal when nothing is proposed */
  proposeFor(draft: Draft, waiter: Waiter): void;
  /** M9, M8: what `look` saw, when it can be no older than any acknowledgement before the call. */
  read<T>(look: () => T): Promise<T>;
  committedSeq(): number;
}

/** Whether anybody still waits: a signal, or the call itself. */
export type Caller = Pick<AbortSignal, 'aborted' | 'reason'>;

/** Is told once, one or the other; at once, when the answer is known. */
export interface Waiter {
  readonly caller: Caller;
  answered(answer: Answer): void;
  failed(error: unknown): void;
}

export interface Answer {
  readonly outcome: Outcome;
  /** On how many masters' disks it was when it was committed. */
  readonly copies: number;
}
