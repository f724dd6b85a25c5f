// C2: where a reader is, for it to resume at any master. Opaque to clients.
import { createHash } from 'node:crypto';
import { refusal } from '../errors.js';

/** What a cursor is good for: one cluster, and one history of it. */
export interface Realm {
  readonly clusterId: string;
  readonly history: number;
}

const version = 1;
const tagBytes = 4;
const cursorBytes = 1 + tagBytes + 4 + 6 + 6;

/** All before the seq: a whole number of base64's groups, so it is the same beginning of every cursor of a reign. */
const headBytes = 1 + tagBytes + 4 + 6;

/** Makes the cursors of one reign. An entry has the same one in every timeline. */
export function cursorsOf(realm: Realm, epoch: number): (seq: number) => string {
  const bytes = Buffer.alloc(headBytes);
  bytes.writeUInt8(version, 0);
  tagOf(realm.clusterId).copy(bytes, 1);
  bytes.writeUInt32BE(realm.history, 1 + tagBytes);
  bytes.writeUIntBE(epoch, 1 + tagBytes + 4, 6);
  const head = bytes.toString('base64url');
  return (seq) => head + threeBytes(Math.floor(seq / 2 ** 24)) + threeBytes(seq % 2 ** 24);
}

/** In base64url. */
function threeBytes(value: number): string {
  return `${twelveBits[value >>> 12]}${twelveBits[value & 0xfff]}`;
}

const digits = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
const twelveBits = Array.from({ length: 4_096 }, (_, i) => `${digits[i >>> 6]}${digits[i & 0x3f]}`);

/**
 * The seq of a cursor.
 * @throws Refusal CURSOR_INVALID when it was not made by this cluster, CURSOR_DIVERGED when its history was given up,
 * CURSOR_IN_FUTURE when it is ahead of `committedSeq`
 */
export function seqOfCursor(cursor: string, realm: Realm, committedSeq: number): number {
  const bytes = Buffer.from(cursor, 'base64url');
  const genuine = bytes.length === cursorBytes && bytes.toString('base64url') === cursor;
  if (!genuine || bytes[0] !== version || !bytes.subarray(1, 1 + tagBytes).equals(tagOf(realm.clusterId))) {
    throw refusal('CURSOR_INVALID');
  }
  if (bytes.readUInt32BE(1 + tagBytes) !== realm.history) throw refusal('CURSOR_DIVERGED');
  const seq = bytes.readUIntBE(1 + tagBytes + 4 + 6, 6);
  if (seq > committedSeq) throw refusal('CURSOR_IN_FUTURE');
  return seq;
}

/** Enough to tell clusters apart; a cursor is no secret. */
function tagOf(clusterId: string): Buffer {
  return createHash('sha256').update(clusterId).digest().subarray(0, tagBytes);
}
