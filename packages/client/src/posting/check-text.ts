import { status } from '@grpc/grpc-js';
import { Refused } from '../errors.js';

/** Half a surrogate pair: in a regular expression of code points a whole one is none. */
const loneSurrogate = /\p{Cs}/u;

/** A text that cannot be sent as it is: half a pair would go out as another character, silently. */
export function faultOfText(text: string): Refused | undefined {
  if (!loneSurrogate.test(text)) return undefined;
  const metadata = { field: 'text', limit: 'valid Unicode' };
  return new Refused('text: must be valid Unicode', {
    reason: 'FIELD_INVALID',
    code: status.INVALID_ARGUMENT,
    metadata,
  });
}
