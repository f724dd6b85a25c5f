/**
 * google.rpc.Status with ErrorInfo and RetryInfo, which every gRPC client finds in `grpc-status-details-bin`
 * (https://github.com/googleapis/googleapis/blob/master/google/rpc/error_details.proto).
 */
import { bytesOf, message, numberOf, textOf } from './protobuf/fields.js';

export interface ErrorDetails {
  /** SCREAMING_SNAKE_CASE; part of the contract. */
  readonly reason: string;
  readonly metadata: Readonly<Record<string, string>>;
  readonly retryAfterMs: number | undefined;
}

const domain = 'everline';
const errorInfoType = 'type.googleapis.com/google.rpc.ErrorInfo';
const retryInfoType = 'type.googleapis.com/google.rpc.RetryInfo';
/** A broken or hostile server must not make us remember more. */
const maxDetailsBytes = 16 * 1024;

export function encodeErrorDetails(code: number, sentence: string, details: ErrorDetails): Buffer {
  const { reason, metadata, retryAfterMs } = details;
  const pairs = Object.entries(metadata).map(([key, value]) => [3, message([1, key], [2, value])] as const);
  const info = any(errorInfoType, message([1, reason], [2, domain], ...pairs));
  const retry =
    retryAfterMs === undefined
      ? []
      : [[3, any(retryInfoType, message([1, duration(retryAfterMs)]))] as const];
  return message([1, code], [2, sentence], [3, info], ...retry);
}

/** Undefined when the bytes are no such status, or its ErrorInfo is of another domain. They may come from anybody. */
export function decodeErrorDetails(bytes: Uint8Array): ErrorDetails | undefined {
  if (bytes.length > maxDetailsBytes) return undefined;
  try {
    const details = new Map(
      bytesOf(bytes, 3).map((one) => [textOf(one, 1), bytesOf(one, 2).at(-1)] as const),
    );
    const info = details.get(errorInfoType);
    if (info === undefined || textOf(info, 2) !== domain) return undefined;
    const retry = details.get(retryInfoType);
    return {
      reason: textOf(info, 1),
      metadata: Object.fromEntries(
        bytesOf(info, 3).map((pair) => [textOf(pair, 1), textOf(pair, 2)] as const),
      ),
      retryAfterMs: retry === undefined ? undefined : milliseconds(bytesOf(retry, 1).at(-1)),
    };
  } catch {
    return undefined;
  }
}

function any(type: string, value: Uint8Array): Buffer {
  return message([1, type], [2, value]);
}

/** google.protobuf.Duration. */
function duration(ms: number): Buffer {
  const whole = Math.max(0, Math.ceil(ms));
  return message([1, Math.floor(whole / 1_000)], [2, (whole % 1_000) * 1_000_000]);
}

function milliseconds(bytes: Uint8Array | undefined): number {
  return bytes === undefined ? 0 : numberOf(bytes, 1) * 1_000 + Math.ceil(numberOf(bytes, 2) / 1_000_000);
}
