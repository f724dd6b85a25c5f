import type { ServiceError } from '@grpc/grpc-js';
import { status } from '@grpc/grpc-js';
import protobuf from 'protobufjs';

/** The part of googleapis that carries reasons, written down here a second time: see `schema.ts`. */
const details = protobuf.parse(
  `syntax = "proto3"; package google.rpc;
   message Any { string type_url = 1; bytes value = 2; }
   message Status { int32 code = 1; string message = 2; repeated Any details = 3; }
   message ErrorInfo { string reason = 1; string domain = 2; map<string, string> metadata = 3; }
   message Duration { int64 seconds = 1; int32 nanos = 2; }
   message RetryInfo { Duration retry_delay = 1; }`,
).root;

/** How a call ended that did not end well. */
export class WireError extends Error {
  override readonly name = 'WireError';
  readonly code: number;
  /** From ErrorInfo of the domain `everline`; undefined when there is none. */
  readonly reason: string | undefined;
  readonly metadata: Readonly<Record<string, string>>;

  constructor(error: ServiceError, what: string) {
    const info = errorInfo(error);
    const code = status[error.code] ?? String(error.code);
    super(`${what}: ${code}${info === undefined ? '' : ` ${info.reason}`}: ${error.details}`);
    this.code = error.code;
    this.reason = info?.reason;
    this.metadata = info?.metadata ?? {};
  }

  get codeName(): string {
    return status[this.code] ?? String(this.code);
  }
}

interface ErrorInfo {
  readonly reason: string;
  readonly domain: string;
  readonly metadata: Record<string, string>;
}

function errorInfo(error: ServiceError): ErrorInfo | undefined {
  const [bytes] = error.metadata?.get('grpc-status-details-bin') ?? [];
  return bytes instanceof Buffer ? errorInfoIn(bytes) : undefined;
}

/** Of the bytes of `grpc-status-details-bin`. */
export function errorInfoIn(bytes: Uint8Array): ErrorInfo | undefined {
  const decoded = details.lookupType('google.rpc.Status').decode(bytes) as unknown as {
    readonly details: readonly {
      readonly type_url: string;
      readonly typeUrl: string;
      readonly value: Uint8Array;
    }[];
  };
  for (const { typeUrl, value } of decoded.details) {
    if (typeUrl !== 'type.googleapis.com/google.rpc.ErrorInfo') continue;
    const type = details.lookupType('google.rpc.ErrorInfo');
    const info = type.toObject(type.decode(value), { defaults: true, objects: true }) as ErrorInfo;
    return info.domain === 'everline' ? info : undefined;
  }
  return undefined;
}
