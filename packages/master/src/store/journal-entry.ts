import { crc32 } from 'node:zlib';
import { varintLength, WireReader, writeHead, writeVarint } from '../state/wire.js';

/** One place of the journal, with its bytes, which are made once and go to the disk and to every standby as they are. */
export class JournalEntry {
  readonly seq: number;
  /** Of the reign in which it was appended. */
  readonly epoch: number;
  /** The encoded everline.replication.v1.JournalEntry. */
  readonly bytes: Uint8Array;
  readonly #commandFrom: number;
  readonly #commandTo: number;

  constructor(seq: number, epoch: number, bytes: Uint8Array, commandFrom: number, commandTo: number) {
    this.seq = seq;
    this.epoch = epoch;
    this.bytes = bytes;
    this.#commandFrom = commandFrom;
    this.#commandTo = commandTo;
  }

  /** An encoded Command; empty for the entry that begins a reign. Made when it is asked for: thousands of entries are kept, and a view takes more than they do. */
  get command(): Uint8Array {
    return this.bytes.subarray(this.#commandFrom, this.#commandTo);
  }
}

/** Bytes that are no journal entry, or not the one that was written: its crc is wrong. */
export class DamagedEntry extends Error {
  override readonly name = 'DamagedEntry';
}

const tags = { seq: 8, epoch: 16, crc: 29, command: 34 };

export function encodeEntry(seq: number, epoch: number, command: Uint8Array): JournalEntry {
  const { length } = command;
  const commandLength = length === 0 ? 0 : 1 + varintLength(length) + length;
  const bytes = allocate(1 + varintLength(seq) + 1 + varintLength(epoch) + 5 + commandLength);
  bytes[0] = tags.seq;
  let at = writeVarint(bytes, 1, seq);
  bytes[at] = tags.epoch;
  at = writeVarint(bytes, at + 1, epoch);
  bytes[at] = tags.crc;
  at = bytes.writeUInt32LE(crcOf(seq, epoch, command), at + 1);
  if (length > 0) bytes.set(command, writeHead(bytes, at, tags.command, length));
  return new JournalEntry(seq, epoch, bytes, bytes.length - length, bytes.length);
}

/** Entries stay in memory for a while: out of slabs of their own they keep nothing else there. */
const slabBytes = 64 * 1024;
let slab = Buffer.allocUnsafeSlow(slabBytes);
let slabAt = 0;

function allocate(length: number): Buffer {
  if (length > slabBytes / 4) return Buffer.allocUnsafeSlow(length);
  if (slabAt + length > slabBytes) {
    slab = Buffer.allocUnsafeSlow(slabBytes);
    slabAt = 0;
  }
  slabAt += length;
  return slab.subarray(slabAt - length, slabAt);
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
  const reader = new WireReader(bytes);
  let seq = 0;
  let epoch = 0;
  let crc = 0;
  let command = bytes.subarray(0, 0);
  while (!reader.done) {
    const tag = reader.varint();
    if (tag === tags.seq) seq = reader.varint();
    else if (tag === tags.epoch) epoch = reader.varint();
    else if (tag === tags.crc) crc = reader.fixed32();
    else if (tag === tags.command) command = reader.bytes();
    else reader.skip(tag);
  }
  if (crcOf(seq, epoch, command) !== crc)
    throw new DamagedEntry(`the entry that calls itself ${seq} is damaged`);
  const from = command.byteOffset - bytes.byteOffset;
  return new JournalEntry(seq, epoch, bytes, from, from + command.length);
}

const place = Buffer.alloc(16);

/** As the contract states it: of seq and epoch (8 bytes each, big-endian), then of the command. */
function crcOf(seq: number, epoch: number, command: Uint8Array): number {
  place.writeUInt32BE(Math.floor(seq / 2 ** 32), 0);
  place.writeUInt32BE(seq >>> 0, 4);
  place.writeUInt32BE(Math.floor(epoch / 2 ** 32), 8);
  place.writeUInt32BE(epoch >>> 0, 12);
  return crc32(command, crc32(place));
}
