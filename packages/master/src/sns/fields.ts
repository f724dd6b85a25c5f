// What a request may say. Whatever breaks a limit is refused before anything is appended, with the field and the limit.
import type { Random } from '@everline/chassis';
import { refusal } from '../errors.js';
import { parseUuid } from '../state/uuid.js';

const longestName = 32;
const namePattern = /^[a-z0-9][a-z0-9._-]*$/;
const nameLimit = `1 to ${longestName} of a-z 0-9 . _ - beginning with a letter or digit`;
const longestPost = 4096;
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
const controls = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/;

/** A name in any case, in lower case. @throws Refusal FIELD_INVALID */
export function nameIn(field: string, text: string): string {
  const name = text.length <= longestName ? text.toLowerCase() : '';
  if (!namePattern.test(name)) throw invalid(field, nameLimit);
  return name;
}

/** Whether somebody could have this name. */
export function isName(text: string): boolean {
  return text.length <= longestName && namePattern.test(text.toLowerCase());
}

/** @throws Refusal FIELD_INVALID */
export function postText(text: string): string {
  const bytes = Buffer.byteLength(text);
  if (bytes < 1 || bytes > longestPost) throw invalid('text', `1 to ${longestPost} bytes`);
  if (controls.test(text)) throw invalid('text', 'no control characters but newline and tab');
  return text;
}

/** An id that must be there. @throws Refusal FIELD_INVALID */
export function idIn(field: string, text: string): string {
  const id = parseUuid(text);
  if (id === undefined) throw invalid(field, 'a UUID');
  return id;
}

/** An id, or a new one: then a late duplicate is not recognised. @throws Refusal FIELD_INVALID */
export function idOrNew(field: string, text: string, random: Random, wallMs: number): string {
  return text === '' ? random.uuidv7(wallMs) : idIn(field, text);
}

/** `0` means the default. @throws Refusal FIELD_INVALID */
export function sizeIn(field: string, size: number, standard: number, most: number): number {
  if (size < 0) throw invalid(field, `0 to ${most}`);
  return size === 0 ? standard : Math.min(size, most);
}

export function invalid(field: string, limit: string) {
  return refusal('FIELD_INVALID', `${field}: must be ${limit}`, { field, limit });
}
