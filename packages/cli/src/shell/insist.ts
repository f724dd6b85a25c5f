import { Refused, Unknown, Unreachable } from '@everline/client';
import { REASONS } from '@everline/contracts';

const shortestPauseMs = 100;

interface Insistence {
  readonly signal: AbortSignal;
  pause(ms: number, signal: AbortSignal): Promise<void>;
}

/**
 * Over any outage a command goes on by itself, until the person gives up: what was not done is asked again, and what
 * may have been done is asked again with its id, so it is done once (C1, C4).
 */
export async function insist<T>(
  ask: (id: string | undefined) => Promise<T>,
  { signal, pause }: Insistence,
): Promise<T> {
  let id: string | undefined;
  for (;;) {
    signal.throwIfAborted();
    try {
      return await ask(id);
    } catch (error) {
      if (!(error instanceof Unknown || error instanceof Unreachable || isPassing(error))) throw error;
      if (error instanceof Unknown) id = error.id;
      await pause(
        error instanceof Refused ? (error.retryAfterMs ?? shortestPauseMs) : shortestPauseMs,
        signal,
      );
    }
  }
}

function isPassing(error: unknown): error is Refused {
  return error instanceof Refused && isReason(error.reason) && REASONS[error.reason].retryable;
}

function isReason(reason: string): reason is keyof typeof REASONS {
  return Object.hasOwn(REASONS, reason);
}
