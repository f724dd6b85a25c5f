// What a field must be before the rules see it. Limits are generous: they keep memory bounded, not people in line.
import { refusal } from '../errors.js';

const longestId = 64;
const longestAddress = 262; // a host name of 253, a colon, a port, brackets
const longestText = 100;

/** Printable ASCII without spaces: ids stand in file names, logs and terminals. */
const idForm = /^[\x21-\x7e]+$/;
const addressForm = /^(\[[0-9a-fA-F:.]+\]|[^\s:[\]]+):([1-9]\d{0,4})$/;

export function checkId(field: string, value: string): void {
  if (value.length > longestId || !idForm.test(value)) {
    invalid(field, `1 to ${longestId} printable ASCII characters without spaces`);
  }
}

export function checkIdOrNone(field: string, value: string): void {
  if (value !== '') checkId(field, value);
}

export function checkAddress(field: string, value: string): void {
  const port = addressForm.exec(value)?.[2];
  if (value.length > longestAddress || port === undefined || Number(port) > 65_535) {
    invalid(field, 'host:port with a port from 1 to 65535');
  }
}

/** Numbers are exact up to 2^53. */
export function checkNumber(field: string, value: bigint): void {
  if (value > BigInt(Number.MAX_SAFE_INTEGER)) invalid(field, `at most ${Number.MAX_SAFE_INTEGER}`);
}

/** For people; shortened, with control characters shown as such. */
export function plainText(value: string): string {
  const shown = value.replaceAll(/\p{C}/gu, '�');
  return shown.length > longestText ? `${shown.slice(0, longestText)}…` : shown;
}

export function invalid(field: string, limit: string): never {
  throw refusal('FIELD_INVALID', `${field} must be ${limit}`, { field, limit });
}
