import { crc32 } from 'node:zlib';
import { BinaryReader, BinaryWriter } from '@bufbuild/protobuf/wire';

/** One place of the journal, with its bytes, which are made once and go to the disk and to every standby as they are. */
export interface JournalEntry {
  readonly seq: number;
  /** Of the reign in which it was appended. */
  readonly epoch: number;
  /** An encoded Command; empty for the entry that begins a reign. */
  readonly command: Uint8Array;
  /** The encoded everline.replication.v1.JournalEntry. */
  readonly bytes: Uint8Array;
}

/** Bytes that are no journal entry, or not the one that was written: its crc is wrong. */
export class DamagedEntry extends Error {
  override readonly name = 'DamagedEntry';
}

export function encodeEntry(seq: number, epoch: number, command: Uint8Array): JournalEntry {
  const writer = new BinaryWriter().uint32(8).uint64(seq).uint32(16).uint64(epoch);
  writer.uint32(29).fixed32(crcOf(seq, epoch, command));
  if (command.length > 0) writer.uint32(34).bytes(command);
  return { seq, epoch, command, bytes: writer.finish() };
}

/** Throws DamagedEntry. */
export function decodeEntry(bytes: Uint8Array): JournalEntry {
  try {
    return checked(bytes);
  } catch (error) {
    if (error instanceof DamagedEntry) throw error;
    throw new DamagedEntry('these bytes are no journal entry', { cause: error });
  }
}

function checked(bytes: Uint8Array): JournalEntry {
  const reader = new BinaryReader(bytes);
  let seq = 0;
  let epoch = 0;
  let crc = 0;
  let command: Uint8Array = nothing;
  while (reader.pos < reader.len) {
    const tag = reader.uint32();
    if (tag === 8) seq = Number(reader.uint64());
    else if (tag === 16) epoch = Number(reader.uint64());
    else if (tag === 29) crc = reader.fixed32();
    else if (tag === 34) command = reader.bytes();
    else reader.skip(tag & 7);
  }
  if (crcOf(seq, epoch, command) !== crc)
    throw new DamagedEntry(`the entry that calls itself ${seq} is damaged`);
  return { seq, epoch, command, bytes };
}

const nothing = new Uint8Array(0);
const place = Buffer.alloc(16);

/** As the contract states it: of seq and epoch (8 bytes each, big-endian), then of the command. */
function crcOf(seq: number, epoch: number, command: Uint8Array): number {
  place.writeUInt32BE(Math.floor(seq / 2 ** 32), 0);
  place.writeUInt32BE(seq >>> 0, 4);
  place.writeUInt32BE(Math.floor(epoch / 2 ** 32), 8);
  place.writeUInt32BE(epoch >>> 0, 12);
  return crc32(command, crc32(place));
}
