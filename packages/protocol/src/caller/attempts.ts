import { judge, type TryEnd } from './judgement.js';
import { type Chance, retryPauseMs } from './retry-pause.js';

/** The tries of one command, which all carry its id (C1). */
export interface Attempts {
  /** Of the master that was tried last; -1: none yet. */
  readonly epoch: number;
  /** Since this master was first tried. */
  readonly retries: number;
  /** C4: some try may have left the command behind, and nothing has settled it since. */
  readonly mayBeDone: boolean;
}

export type Next =
  /** C4: with the outcome open it is unknown, never failed. */
  | { readonly kind: 'end'; readonly open: boolean }
  /** Wherever the available master is by then; `pauseMs` undefined: this place is given up, and no wait there makes sense. */
  | { readonly kind: 'again'; readonly pauseMs: number | undefined; readonly doubt: boolean };

/** @param mayBeDone it was sent before, with an open outcome */
export function noAttempts(mayBeDone = false): Attempts {
  return { epoch: -1, retries: 0, mayBeDone };
}

/** Another master is another hope: its pauses begin anew. */
export function tryIn(attempts: Attempts, epoch: number): Attempts {
  return epoch === attempts.epoch ? attempts : { ...attempts, epoch, retries: 0 };
}

export function afterTry(
  attempts: Attempts,
  end: TryEnd,
  chance: Chance,
): { readonly attempts: Attempts; readonly next: Next } {
  const { next, mayBeDone, settles, doubt } = judge(end);
  if (next === 'end') return { attempts, next: { kind: 'end', open: attempts.mayBeDone && !settles } };
  const tried = { ...attempts, mayBeDone: attempts.mayBeDone || mayBeDone };
  if (end.kind !== 'refused') return { attempts: tried, next: { kind: 'again', pauseMs: undefined, doubt } };
  const pauseMs = retryPauseMs(attempts.retries, chance, end.retryAfterMs);
  return {
    attempts: { ...tried, retries: attempts.retries + 1 },
    next: { kind: 'again', pauseMs, doubt },
  };
}
