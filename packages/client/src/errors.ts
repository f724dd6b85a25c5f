import type { Reason } from '@everline/contracts';

/**
 * What can become of a call besides being done (C4):
 * `Refused` and `Unreachable` — certainly not done; `Unknown` — it may have been; `Gap` and `Closed` — see there.
 * A call that its caller aborts rejects with the signal's own reason, and what became of it is unknown, too.
 */

/** A machine-readable reason of the contract, or the name of a gRPC status that came without one. */
export type RefusalReason = Reason | (string & {});

interface RefusedFacts {
  readonly reason: RefusalReason;
  readonly code: number;
  readonly metadata?: Readonly<Record<string, string>>;
  readonly retryAfterMs?: number | undefined;
}

/** A master or router said no, and certainly did not do it. The same call, repeated unchanged, is mostly refused again. */
export class Refused extends Error {
  override readonly name = 'Refused';
  readonly reason: RefusalReason;
  /** A gRPC status code. */
  readonly code: number;
  readonly metadata: Readonly<Record<string, string>>;
  /** When the server asked to be tried again, at the earliest. */
  readonly retryAfterMs: number | undefined;

  constructor(sentence: string, facts: RefusedFacts, options?: ErrorOptions) {
    super(sentence, options);
    this.reason = facts.reason;
    this.code = facts.code;
    this.metadata = facts.metadata ?? {};
    this.retryAfterMs = facts.retryAfterMs;
  }
}

interface WaitFacts {
  readonly waitedFor: string;
  readonly waitedMs: number;
}

/** The deadline came before anybody took the call; it was certainly not done. The message says what it waited for (C5). */
export class Unreachable extends Error {
  override readonly name = 'Unreachable';
  readonly waitedFor: string;
  readonly waitedMs: number;

  constructor(facts: WaitFacts, options?: ErrorOptions) {
    super(
      `nobody could do it within ${Math.round(facts.waitedMs)} ms: waited for ${facts.waitedFor}`,
      options,
    );
    this.waitedFor = facts.waitedFor;
    this.waitedMs = facts.waitedMs;
  }
}

/** The deadline came while the outcome was open: it may have been done. Repeat it with the same `id` to find out (C1, M15). */
export class Unknown extends Error {
  override readonly name = 'Unknown';
  /** The id of the command: `postId` of a post, `requestId` of the others. */
  readonly id: string;
  readonly waitedFor: string;
  readonly waitedMs: number;

  constructor(facts: WaitFacts & { readonly id: string }, options?: ErrorOptions) {
    super(
      `not known after ${Math.round(facts.waitedMs)} ms whether it was done (id ${facts.id}): waited for ${facts.waitedFor}`,
      options,
    );
    this.id = facts.id;
    this.waitedFor = facts.waitedFor;
    this.waitedMs = facts.waitedMs;
  }
}

export interface GapEvidence {
  /** What is wrong with the entry. */
  readonly kind: 'missing' | 'repeated' | 'disordered';
  /** `seq` of the last entry taken. */
  readonly lastSeq: number;
  /** `prev_seq` of the entry that came. */
  readonly prevSeq: number;
  /** `seq` of the entry that came. */
  readonly seq: number;
  readonly address: string;
  readonly epoch: number;
}

/** A timeline broke its promise (C2): an entry is missing even when read again, or comes twice, or out of order. Never expected; never silent. */
export class Gap extends Error {
  override readonly name = 'Gap';
  readonly evidence: GapEvidence;

  constructor(evidence: GapEvidence) {
    super(
      `the timeline from ${evidence.address} in epoch ${evidence.epoch} is ${evidence.kind} at entry ${evidence.seq}: ` +
        `it names ${evidence.prevSeq} as the one before, the last taken was ${evidence.lastSeq}`,
    );
    this.evidence = evidence;
  }
}

/** The client was closed before the call ended; what became of it is unknown. */
export class Closed extends Error {
  override readonly name = 'Closed';

  constructor(options?: ErrorOptions) {
    super('the client is closed', options);
  }
}
