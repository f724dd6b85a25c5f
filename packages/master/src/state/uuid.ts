/** Ids are UUIDs: 36 characters on the wire, 16 bytes in the journal and in the state. */

const form = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;
const textLength = 36;
export const uuidByteLength = 16;

/** The one spelling of this id, in lower case; undefined when it is no UUID. */
export function parseUuid(text: string): string | undefined {
  if (text.length !== textLength) return undefined;
  const lower = text.toLowerCase();
  return form.test(lower) ? lower : undefined;
}

/** Of an id that is one. */
export function uuidBytes(id: string): Buffer {
  const bytes = Buffer.allocUnsafe(uuidByteLength);
  writeUuid(bytes, 0, id);
  return bytes;
}

/** @returns where it ends */
export function writeUuid(target: Buffer, at: number, id: string): number {
  let from = 0;
  for (let i = 0; i < uuidByteLength; i++) {
    if (id.charCodeAt(from) === dash) from++;
    target[at + i] = (nibble(id.charCodeAt(from)) << 4) | nibble(id.charCodeAt(from + 1));
    from += 2;
  }
  return at + uuidByteLength;
}

export function uuidText(bytes: Uint8Array): string {
  let at = 0;
  for (let i = 0; i < uuidByteLength; i++) {
    if (i === 4 || i === 6 || i === 8 || i === 10) at++;
    const byte = bytes[i] as number;
    spelling[at++] = digits[byte >> 4] as number;
    spelling[at++] = digits[byte & 0xf] as number;
  }
  return spelling.toString('latin1');
}

/** Milliseconds since 1970 by the clock of who made it: version 7 alone tells (RFC 9562, 5.7). */
export function madeAtMs(id: string): number | undefined {
  return id[14] === '7' ? Number.parseInt(id.slice(0, 8) + id.slice(9, 13), 16) : undefined;
}

const dash = 0x2d;
const digits = Buffer.from('0123456789abcdef');
/** Written over each time: a text that is put together from pieces would be as many objects. */
const spelling = Buffer.from('00000000-0000-0000-0000-000000000000');

/** Of a digit or a lower-case letter. */
function nibble(code: number): number {
  return code < 0x40 ? code & 0xf : (code & 0xf) + 9;
}
