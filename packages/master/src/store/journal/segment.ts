// One file of the journal: a head, then frames. Files follow one another without gap; only the last one is written to.
import type { Disk } from '../disk.js';
import { DamagedStore, NewerFormat } from '../errors.js';
import type { JournalEntry } from '../journal-entry.js';
import { type FrameHeader, frameHeaderBytes, readFrameHeader, readPayload } from './frame.js';

/** Where a frame is. */
export interface Mark {
  readonly seq: number;
  readonly at: number;
}

export interface Frame extends Mark {
  readonly header: FrameHeader;
  /** Where the next one begins. */
  readonly end: number;
}

const name = Buffer.from('EVERLINE');
const format = 1;
export const segmentHeadBytes = 16;

export function segmentHead(): Buffer {
  const head = Buffer.alloc(segmentHeadBytes);
  name.copy(head);
  head.writeUInt32BE(format, name.length);
  return head;
}

export function segmentFile(firstSeq: number): string {
  return `${firstSeq.toString(16).padStart(12, '0')}.journal`;
}

/** Undefined for another file. */
export function firstSeqOf(file: string): number | undefined {
  const [, hex] = /^([0-9a-f]{12})\.journal$/.exec(file) ?? [];
  return hex === undefined ? undefined : Number.parseInt(hex, 16);
}

/** At most so far apart, so that finding an entry reads no more than this in vain. */
const markEveryBytes = 64 * 1024;

export class Segment {
  readonly path: string;
  readonly firstSeq: number;
  /** Bytes that are frames for certain. */
  end = segmentHeadBytes;
  #marks: Mark[] | undefined;

  constructor(path: string, firstSeq: number, marks?: Mark[]) {
    this.path = path;
    this.firstSeq = firstSeq;
    this.#marks = marks;
  }

  noteFrame(mark: Mark, end: number): void {
    this.#marks ??= [];
    if (mark.at - (this.#marks.at(-1)?.at ?? Number.NEGATIVE_INFINITY) >= markEveryBytes)
      this.#marks.push(mark);
    this.end = end;
  }

  noteCut(end: number): void {
    this.#marks = this.#marks?.filter(({ at }) => at < end);
    this.end = end;
  }

  /** The frame that holds this entry. @throws DamagedStore when there is none */
  frameOf(seq: number, disk: Disk): Frame {
    const marks = this.#marks ?? this.#walkForMarks(disk);
    const mark = marks.findLast((one) => one.seq <= seq) ?? { seq: this.firstSeq, at: segmentHeadBytes };
    for (const frame of frames(this.path, disk, mark.at, this.end)) {
      if (seq < frame.seq + frame.header.count) return frame;
    }
    throw new DamagedStore(this.path, `entry ${seq} is not in it`);
  }

  /** From this frame on, until there are `maxBytes` or the file ends. @throws DamagedStore */
  read(from: Frame, maxBytes: number, disk: Disk): JournalEntry[] {
    const wanted = Math.max(from.end - from.at, Math.min(maxBytes, this.end - from.at));
    const piece = disk.readSync(this.path, from.at, wanted);
    const found: JournalEntry[] = [];
    for (let at = 0; at + frameHeaderBytes <= piece.length; ) {
      const header = readFrameHeader(piece, at);
      if (header === undefined)
        throw new DamagedStore(this.path, `there is no frame at byte ${from.at + at}`);
      const end = at + frameHeaderBytes + header.payloadBytes;
      if (end > piece.length && at > 0) break; // the next read begins there
      const entries = readPayload(header, piece.subarray(at + frameHeaderBytes, end));
      if (entries === undefined) {
        throw new DamagedStore(this.path, `an entry from ${header.firstSeq} on is not what was written`);
      }
      for (const entry of entries) found.push(entry);
      at = end;
    }
    return found;
  }

  /** Of a file that was full before this start: once, some milliseconds. */
  #walkForMarks(disk: Disk): Mark[] {
    this.end = disk.sizeSync(this.path);
    for (const { seq, at, end } of frames(this.path, disk, segmentHeadBytes, this.end))
      this.noteFrame({ seq, at }, end);
    return this.#marks ?? [];
  }
}

/** @throws NewerFormat, DamagedStore */
export function checkHead(path: string, head: Buffer): void {
  if (head.length < segmentHeadBytes || !head.subarray(0, name.length).equals(name)) {
    throw new DamagedStore(path, 'it does not begin as a journal does');
  }
  const found = head.readUInt32BE(name.length);
  if (found > format) throw new NewerFormat(path, found, format);
}

/** Headers are read in pieces of this size: most frames are small. */
const pieceBytes = 256 * 1024;

/** The frames between two places, without looking at their entries. @throws DamagedStore where there should be one and is none */
function* frames(path: string, disk: Disk, from: number, end: number): Generator<Frame> {
  let piece: Buffer = Buffer.alloc(0);
  let pieceAt = from;
  for (let at = from; at < end; ) {
    if (at + frameHeaderBytes > pieceAt + piece.length) {
      piece = disk.readSync(path, at, Math.min(pieceBytes, end - at));
      pieceAt = at;
    }
    const header = readFrameHeader(piece, at - pieceAt);
    const frameEnd = at + frameHeaderBytes + (header?.payloadBytes ?? 0);
    if (header === undefined || frameEnd > end)
      throw new DamagedStore(path, `there is no frame at byte ${at}`);
    yield { seq: header.firstSeq, at, header, end: frameEnd };
    at = frameEnd;
  }
}
