import type { Post } from '../post.js';

/** What a live timeline says, in this order: entries as they are posted, and what happened to the connection. */
export type TimelineEvent =
  | { readonly kind: 'entry'; readonly post: Post; readonly cursor: string }
  /** Once: everything that existed at the opening has been said; from here on entries are live. */
  | { readonly kind: 'caught-up'; readonly cursor: string }
  /** The stream broke or its master was given up; another is being sought. `resumed` follows unless the timeline ends. */
  | { readonly kind: 'lost'; readonly address: string; readonly epoch: number; readonly why: string }
  /** Said when all that was posted meanwhile has been said: the `missed` that prev_seq proves is none. */
  | {
      readonly kind: 'resumed';
      /** From the loss to the first sign of life of the new stream. */
      readonly afterMs: number;
      readonly address: string;
      readonly epoch: number;
      /** Entries that were fetched because they came while the stream was lost; they were said before this event. */
      readonly entries: number;
      readonly missed: 0;
    };

export interface TimelineOptions {
  /** Resume after this cursor: everything later is said, oldest first. */
  readonly after?: string;
  /** Without `after`: how many of the newest posts come first, oldest of them first. Default 20; 0 for none. */
  readonly recent?: number;
  /** One's own posts, too. Default false. */
  readonly includeOwn?: boolean;
  /** Ends the timeline: the iterator rejects with the signal's reason. */
  readonly signal?: AbortSignal;
  /**
   * How long a lost timeline is sought again before the iterator rejects with `Unreachable`. Default: for ever.
   * The first opening has the client's `timeoutMs`.
   */
  readonly patienceMs?: number;
}

/** Iterate it once. Leaving the loop ends the stream. */
export interface Timeline extends AsyncIterable<TimelineEvent> {
  /** Where to resume: after everything the iterator has handed out. Also moves with the master's heartbeats. */
  readonly cursor: string | undefined;
}

export interface ReadTimelineOptions {
  /** How many posts at most. Default 20; 1,000 at most. */
  readonly limit?: number;
  /** Posts older than this cursor. Default: the newest. */
  readonly before?: string;
  readonly includeOwn?: boolean;
  readonly signal?: AbortSignal;
  readonly timeoutMs?: number;
}
