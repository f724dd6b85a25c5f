import { refusalOf } from '@everline/chassis/errors';
import { type ServiceError, status } from '@grpc/grpc-js';
import { Refused } from '../errors.js';

/** A server's final no, as the caller gets it. Without a reason of the contract the name of the status stands for it. */
export function refusedBy(error: ServiceError): Refused {
  const refusal = refusalOf(error);
  if (refusal === undefined) {
    return new Refused(
      error.details,
      { reason: status[error.code] ?? 'UNKNOWN', code: error.code },
      { cause: error },
    );
  }
  const { code, reason, metadata, retryAfterMs, message } = refusal;
  return new Refused(message, { reason, code, metadata, retryAfterMs }, { cause: error });
}
