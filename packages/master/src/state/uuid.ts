/** Ids are UUIDs: 36 characters on the wire, 16 bytes in the journal and in the state. */

const form = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

/** The one spelling of this id, in lower case; undefined when it is no UUID. */
export function parseUuid(text: string): string | undefined {
  if (text.length !== uuidLength) return undefined;
  const lower = text.toLowerCase();
  return form.test(lower) ? lower : undefined;
}

/** Of an id that is one. */
export function uuidBytes(id: string): Buffer {
  return Buffer.from(id.replaceAll('-', ''), 'hex');
}

export function uuidText(bytes: Uint8Array): string {
  const hex = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
}

/** Milliseconds since 1970 by the clock of who made it: version 7 alone tells (RFC 9562, 5.7). */
export function madeAtMs(id: string): number | undefined {
  return id[14] === '7' ? Number.parseInt(id.slice(0, 8) + id.slice(9, 13), 16) : undefined;
}

const uuidLength = 36;
export const uuidByteLength = 16;
