export interface FailureDetectorOptions {
  /** Silence that makes suspect. */
  readonly suspicionMs: number;
  /** A gap between two looks that only a stall of our own process explains. Default: half the suspicion. */
  readonly stallMs?: number;
}

export interface FailureDetector {
  /** A sign of life came. */
  heard(nowMs: number): void;
  /** To be called at every tick, several times in `stallMs`: a missing look is how our own stall shows. */
  look(nowMs: number): 'alive' | 'suspect';
  /** Silence that counts: since the last sign of life, or since we have certainly been able to hear one. */
  silentMs(nowMs: number): number;
}

/**
 * R8: suspects a peer by its silence, and never by our own. Whoever has just begun, or has just been stopped or stalled, has not heard because it did not listen:
 * it waits one whole suspicion period before it blames the peer. Pure: time comes as an argument.
 */
export function createFailureDetector(options: FailureDetectorOptions, nowMs: number): FailureDetector {
  const { suspicionMs, stallMs = suspicionMs / 2 } = options;
  let heardMs = nowMs;
  let listeningSinceMs = nowMs;
  let lookedMs = nowMs;
  const silentMs = (atMs: number): number => Math.max(0, atMs - Math.max(heardMs, listeningSinceMs));
  return {
    heard: (atMs) => {
      heardMs = Math.max(heardMs, atMs);
    },
    look: (atMs) => {
      if (atMs - lookedMs > stallMs) listeningSinceMs = atMs;
      lookedMs = atMs;
      return silentMs(atMs) >= suspicionMs ? 'suspect' : 'alive';
    },
    silentMs,
  };
}
