import { Metadata, type ServiceError, type StatusObject, status } from '@grpc/grpc-js';
import { DeadlineExceeded } from './deadline.js';
import { decodeErrorDetails, encodeErrorDetails } from './error-details.js';

export interface RefusalOptions {
  /** What a program may need: `{ field: 'text', limit: '4096 bytes' }`. A few hundred bytes at most: it travels in the headers. */
  readonly metadata?: Readonly<Record<string, string>>;
  /** The server's word on when to try again. */
  readonly retryAfterMs?: number;
  readonly cause?: unknown;
}

/** What a handler throws on purpose, and what a client gets back: a status code, a reason for programs, a sentence for people. */
export class Refusal extends Error {
  override readonly name = 'Refusal';
  readonly code: status;
  readonly reason: string;
  readonly metadata: Readonly<Record<string, string>>;
  readonly retryAfterMs: number | undefined;

  constructor(code: status, reason: string, message: string, options: RefusalOptions = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.code = code;
    this.reason = reason;
    this.metadata = options.metadata ?? {};
    this.retryAfterMs = options.retryAfterMs;
  }
}

/** A call failed without a reason of ours: the connection broke, the deadline passed, it was cancelled, or the peer is not of our kind. */
export class RpcFailed extends Error {
  override readonly name = 'RpcFailed';
  readonly code: status;
  readonly details: string;

  constructor(code: status, details: string, options?: { readonly cause?: unknown }) {
    super(`${status[code] ?? code}: ${details}`, options);
    this.code = code;
    this.details = details;
  }
}

/** Reasons that the chassis itself gives. */
export const chassisReasons = {
  /** INTERNAL: a bug or a broken disk, named in the log of the process and nowhere else. */
  unexpected: 'UNEXPECTED',
  /** UNAVAILABLE. */
  shuttingDown: 'SHUTTING_DOWN',
  /** RESOURCE_EXHAUSTED. */
  tooManyStreams: 'TOO_MANY_STREAMS',
  /** RESOURCE_EXHAUSTED: as many calls wait as this process takes. */
  queueFull: 'QUEUE_FULL',
  /** INVALID_ARGUMENT: the bytes are no such message, or a string in it is not valid UTF-8. */
  messageInvalid: 'MESSAGE_INVALID',
  /** NOT_FOUND: the health of a service that is not served here was asked for. */
  serviceUnknown: 'SERVICE_UNKNOWN',
} as const;

/** Headers are bounded (many servers stop at 8 KiB), so the sentence is, too. */
const maxDetailsLength = 1_000;
const detailsKey = 'grpc-status-details-bin';

/**
 * The status to end a call with. A `Refusal` keeps its code, reason and metadata; an exceeded deadline and a cancelled call keep their codes;
 * anything else is INTERNAL, reason UNEXPECTED, and tells nothing.
 */
export function statusOf(error: unknown): StatusObject {
  const refusal = error instanceof Refusal ? error : undefined;
  if (refusal === undefined) return statusOfOther(error);
  return withDetails(refusal.code, refusal.message, refusal);
}

/** Whether `statusOf` would hide this error: then somebody must log it. */
export function isUnexpected(error: unknown): boolean {
  return !(error instanceof Refusal) && knownEnd(error) === undefined;
}

/** Client side: what the server refused with, or undefined when it gave no reason of ours. */
export function refusalOf(error: ServiceError): Refusal | undefined {
  const [bytes] = error.metadata?.get(detailsKey) ?? [];
  const found = bytes instanceof Uint8Array ? decodeErrorDetails(bytes) : undefined;
  if (found === undefined) return undefined;
  const { reason, metadata, retryAfterMs } = found;
  return new Refusal(error.code, reason, error.details, {
    metadata,
    cause: error,
    ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
  });
}

/** What a failed call is to our code. */
export function failureOf(error: ServiceError): Refusal | RpcFailed {
  return (
    refusalOf(error) ??
    new RpcFailed(error.code ?? status.UNKNOWN, error.details ?? error.message, { cause: error })
  );
}

function statusOfOther(error: unknown): StatusObject {
  const known = knownEnd(error);
  if (known !== undefined)
    return { code: known.code, details: sentence(known.message), metadata: new Metadata() };
  const hidden = { reason: chassisReasons.unexpected, metadata: {}, retryAfterMs: undefined };
  return withDetails(status.INTERNAL, 'an unexpected error; the log of the server has it', hidden);
}

/** Errors that need no reason of ours, because their code says it all. */
function knownEnd(error: unknown): { readonly code: status; readonly message: string } | undefined {
  if (error instanceof DeadlineExceeded) return { code: status.DEADLINE_EXCEEDED, message: error.message };
  if (error instanceof CallEnded) return error;
  return isAbort(error) ? { code: status.CANCELLED, message: 'aborted' } : undefined;
}

/** What platform functions reject with when the signal that they were given aborts without a reason. */
export function isAbort(error: unknown): boolean {
  return typeof error === 'object' && error !== null && 'name' in error && error.name === 'AbortError';
}

function withDetails(
  code: status,
  message: string,
  details: Parameters<typeof encodeErrorDetails>[2],
): StatusObject {
  const text = sentence(message);
  const metadata = new Metadata();
  metadata.set(detailsKey, encodeErrorDetails(code, text, details));
  return { code, details: text, metadata };
}

/** Half a surrogate pair would make `encodeURI` throw in the middle of the transport. */
function sentence(text: string): string {
  const short = text.length > maxDetailsLength ? `${text.slice(0, maxDetailsLength)}…` : text;
  return Buffer.from(short).toString();
}

/** The reason of a server call's signal when nobody waits for the call any more: CANCELLED, or DEADLINE_EXCEEDED. */
export class CallEnded extends Error {
  override readonly name = 'CallEnded';
  readonly code: typeof status.CANCELLED | typeof status.DEADLINE_EXCEEDED;

  constructor(code: typeof status.CANCELLED | typeof status.DEADLINE_EXCEEDED) {
    super(code === status.CANCELLED ? 'the caller has gone' : 'the deadline of the caller has passed');
    this.code = code;
  }
}
