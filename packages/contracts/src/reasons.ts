import { status } from '@grpc/grpc-js';

/** The `domain` of every `google.rpc.ErrorInfo` that Everline sends. */
export const DOMAIN = 'everline';

interface ReasonFacts {
  /** The gRPC status code it travels with. */
  readonly code: number;
  /** The same call, with the same id, may succeed later or elsewhere. */
  readonly retryable: boolean;
  /** When it happens, in one sentence for people. */
  readonly text: string;
}

/** Every machine-readable reason of a refusal. Names are part of the contract: they are added, never renamed. */
export const REASONS = {
  // Who serves
  NOT_AVAILABLE_MASTER: again(
    status.UNAVAILABLE,
    'This master is not the available one; `address` names it when it is known.',
  ),
  NO_AVAILABLE_MASTER: again(
    status.UNAVAILABLE,
    'No master may serve now; `waits_for` names those that could.',
  ),
  ROLE_MOVED: again(
    status.UNAVAILABLE,
    'The role of the available master has moved; the stream goes on there.',
  ),
  OTHER_CLUSTER: again(
    status.UNAVAILABLE,
    'Another cluster answers at this address than the one the client came to; `cluster_id` names it.',
  ),
  SHUTTING_DOWN: again(status.UNAVAILABLE, 'This process is ending.'),
  BELOW_MIN_IN_SYNC: again(status.UNAVAILABLE, 'Fewer masters are in sync than every write must reach.'),
  // What people ask for
  SESSION_EXISTS: final(status.ALREADY_EXISTS, 'Another exclusive session of this user lives.'),
  SESSION_UNKNOWN: final(status.FAILED_PRECONDITION, 'This session has ended or never was.'),
  USER_UNKNOWN: final(status.NOT_FOUND, 'There is no such user.'),
  ALREADY_FOLLOWED: final(status.ALREADY_EXISTS, 'The user is followed already.'),
  NOT_FOLLOWED: final(status.NOT_FOUND, 'The user is not followed.'),
  FOLLOW_ONESELF: final(status.ALREADY_EXISTS, 'Nobody follows oneself.'),
  UNFOLLOW_ONESELF: final(status.INVALID_ARGUMENT, 'Nobody unfollows oneself.'),
  FIELD_INVALID: final(status.INVALID_ARGUMENT, '`field` breaks the limit that `limit` states.'),
  ID_REUSED: final(status.ALREADY_EXISTS, 'The id was used before, with another content.'),
  REQUEST_TOO_OLD: final(
    status.FAILED_PRECONDITION,
    'The id is older than the time for which answers are kept; it was not carried out.',
  ),
  // Timelines
  CURSOR_INVALID: final(status.INVALID_ARGUMENT, 'The cursor was not made by this cluster.'),
  CURSOR_EXPIRED: final(status.OUT_OF_RANGE, 'What comes after the cursor is kept no more.'),
  CURSOR_DIVERGED: final(status.FAILED_PRECONDITION, 'The cursor belongs to a history that was given up.'),
  CURSOR_IN_FUTURE: again(status.UNAVAILABLE, 'The cursor is ahead of what this master has committed.'),
  READER_TOO_SLOW: again(
    status.RESOURCE_EXHAUSTED,
    'The reader fell behind and then took nothing for 10 s; `cursor` says where to go on.',
  ),
  // Bounds
  MESSAGE_INVALID: final(
    status.INVALID_ARGUMENT,
    'The bytes are no request of this method, or a string in them is not valid UTF-8.',
  ),
  SERVICE_UNKNOWN: final(status.NOT_FOUND, 'The health of a service that is not served here was asked for.'),
  TOO_MANY_STREAMS: again(status.RESOURCE_EXHAUSTED, 'As many streams are open as this process serves.'),
  QUEUE_FULL: again(status.RESOURCE_EXHAUSTED, 'As many calls wait as this process takes.'),
  DISK_FULL: final(status.RESOURCE_EXHAUSTED, 'The disk of the available master is full; reading goes on.'),
  // Between the processes of a cluster
  STALE_VERSION: final(status.ABORTED, 'The configuration has changed since; `version` is the present one.'),
  STALE_EPOCH: final(status.ABORTED, 'A newer epoch has begun.'),
  FOREIGN_CLUSTER: final(status.FAILED_PRECONDITION, 'The master belongs to another cluster.'),
  CLUSTER_UNKNOWN: final(
    status.FAILED_PRECONDITION,
    'The master belongs to a cluster, and this router has no state: recover the router.',
  ),
  DATA_LOST: final(status.FAILED_PRECONDITION, 'The master holds less than it once reported as committed.'),
  DUPLICATE_INCARNATION: again(
    status.ALREADY_EXISTS,
    'Another process is registered with this data directory and was heard just now.',
  ),
  ADDRESS_TAKEN: again(status.ALREADY_EXISTS, 'Another master that lives is registered with this address.'),
  NOT_REGISTERED: final(
    status.FAILED_PRECONDITION,
    'The router does not list this process, or lists a newer one of the same master: register anew.',
  ),
  TOO_MANY_MASTERS: final(status.RESOURCE_EXHAUSTED, 'As many masters are listed as a router keeps.'),
  ROUTER_RECOVERING: again(
    status.UNAVAILABLE,
    'The router rebuilds its state from the masters; `waits_for` names those it has not heard.',
  ),
  ROUTER_OUTDATED: final(
    status.FAILED_PRECONDITION,
    'The state of the router is older than what the masters know: recover the router.',
  ),
  DATA_LOSS_NOT_ACCEPTED: final(
    status.FAILED_PRECONDITION,
    'Acknowledged entries may be lost by this; say that it is accepted.',
  ),
  NO_CANDIDATE: final(status.FAILED_PRECONDITION, 'No other master is in sync and alive.'),
  SNAPSHOT_UNKNOWN: final(status.NOT_FOUND, 'The snapshot is kept no more; begin anew.'),
  UNEXPECTED: final(status.INTERNAL, 'A fault of this process; its log says more.'),
} as const satisfies Record<string, ReasonFacts>;

export type Reason = keyof typeof REASONS;

function again(code: number, text: string): ReasonFacts {
  return { code, retryable: true, text };
}

function final(code: number, text: string): ReasonFacts {
  return { code, retryable: false, text };
}
