// How entries lie in a file: in frames, one for each write. A frame is only written when the one before it is flushed.
import { crc32 } from 'node:zlib';
import { decodeEntry, type JournalEntry } from '../journal-entry.js';

export interface FrameHeader {
  readonly firstSeq: number;
  readonly count: number;
  readonly payloadBytes: number;
}

/** magic, bytes of the payload, seq of the first entry, how many, and the crc of all that. */
export const frameHeaderBytes = 20;
const magic = 0x45_56_4a_31;
/** Before each entry: its length. */
const lengthBytes = 4;
const at = { payloadBytes: 4, firstSeq: 8, count: 14, crc: 16 };

export function encodeFrame(entries: readonly JournalEntry[]): Buffer {
  const payloadBytes = entries.reduce((sum, { bytes }) => sum + lengthBytes + bytes.length, 0);
  const frame = Buffer.allocUnsafe(frameHeaderBytes + payloadBytes);
  frame.writeUInt32BE(magic);
  frame.writeUInt32BE(payloadBytes, at.payloadBytes);
  frame.writeUIntBE(entries[0]?.seq ?? 0, at.firstSeq, 6);
  frame.writeUInt16BE(entries.length, at.count);
  frame.writeUInt32BE(crc32(frame.subarray(0, at.crc)), at.crc);
  let position = frameHeaderBytes;
  for (const { bytes } of entries) {
    position = frame.writeUInt32BE(bytes.length, position);
    frame.set(bytes, position);
    position += bytes.length;
  }
  return frame;
}

/** Undefined when there is none here. */
export function readFrameHeader(bytes: Buffer, from: number): FrameHeader | undefined {
  if (from + frameHeaderBytes > bytes.length || bytes.readUInt32BE(from) !== magic) return undefined;
  if (bytes.readUInt32BE(from + at.crc) !== crc32(bytes.subarray(from, from + at.crc))) return undefined;
  return {
    payloadBytes: bytes.readUInt32BE(from + at.payloadBytes),
    firstSeq: bytes.readUIntBE(from + at.firstSeq, 6),
    count: bytes.readUInt16BE(from + at.count),
  };
}

/** Undefined when it is not whole, or one entry is not what was written. */
export function readPayload(
  { firstSeq, count, payloadBytes }: FrameHeader,
  payload: Buffer,
): JournalEntry[] | undefined {
  if (payload.length < payloadBytes) return undefined;
  const entries: JournalEntry[] = [];
  let position = 0;
  try {
    for (let i = 0; i < count; i++) {
      const length = payload.readUInt32BE(position);
      position += lengthBytes;
      if (position + length > payloadBytes) return undefined;
      const entry = decodeEntry(payload.subarray(position, position + length));
      if (entry.seq !== firstSeq + i) return undefined;
      entries.push(entry);
      position += length;
    }
  } catch {
    return undefined; // whatever it is, it is no entry
  }
  return position === payloadBytes ? entries : undefined;
}

/** Where the next frame header is, at `from` or after it; undefined when there is none. */
export function findFrame(bytes: Buffer, from: number): number | undefined {
  const sought = Buffer.alloc(4);
  sought.writeUInt32BE(magic);
  for (let i = bytes.indexOf(sought, from); i !== -1; i = bytes.indexOf(sought, i + 1)) {
    if (readFrameHeader(bytes, i) !== undefined) return i;
  }
  return undefined;
}
