// The file that the journal is written to. Every method resolves when what it did is on disk.
import { dirname, join } from 'node:path';
import type { Disk, DiskFile } from '../disk.js';
import type { JournalEntry } from '../journal-entry.js';
import { encodeFrame } from './frame.js';
import { Segment, segmentFile, segmentHead, segmentHeadBytes } from './segment.js';

/** The frame's count has two bytes. */
const maxFrameEntries = 4_096;

/**
 * Room is made ahead of the frames, in pieces: a flush that makes the file longer takes half as long again, for the file system has to write down
 * where it ends. A start finds zeros after the last frame and cuts them off.
 */
const roomBytes = 1024 * 1024;

export class Tail implements AsyncDisposable {
  readonly #folder: string;
  readonly #disk: Disk;
  readonly #segments: Segment[];
  readonly #fullBytes: number;
  #file: DiskFile | undefined;
  /** The file has room up to here. */
  #roomEnd = 0;

  /**
   * @param segments shared with the journal: kept up to date here
   * @param fullBytes a file so large is not written to any more; whole files are thrown away when the journal is trimmed
   */
  constructor(folder: string, disk: Disk, segments: Segment[], fullBytes: number) {
    this.#folder = folder;
    this.#disk = disk;
    this.#segments = segments;
    this.#fullBytes = fullBytes;
  }

  /** Of a new journal: from here on there is always a file, so that a missing one is noticed. */
  async begin(firstSeq: number): Promise<void> {
    await this.#open(firstSeq);
  }

  async write(entries: readonly JournalEntry[]): Promise<void> {
    for (let from = 0; from < entries.length; from += maxFrameEntries) {
      await this.#writeFrame(entries.slice(from, from + maxFrameEntries));
    }
  }

  /** This entry and all after it are gone. After a crash in the middle the next start finds a state that was valid before, or finishes it. */
  async cut(fromSeq: number): Promise<void> {
    await this.#close();
    while ((this.#segments.at(-1)?.firstSeq ?? 0) > fromSeq) await this.#removeLast();
    const segment = this.#segments.at(-1);
    if (segment === undefined || (segment.firstSeq === fromSeq && segment.end === segmentHeadBytes)) return;
    const frame = segment.frameOf(fromSeq, this.#disk);
    const kept = frame.seq === fromSeq ? [] : this.#keptOf(segment, frame, fromSeq);
    // Entries of the same write that stay: first in a file of their own, then the write is cut off.
    const own = kept.length === 0 ? undefined : await this.#writeOwn(frame.seq, kept);
    if (own?.firstSeq === segment.firstSeq) this.#segments.pop();
    else await this.#truncate(segment, frame.at);
    if (own !== undefined) this.#segments.push(own);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#close();
  }

  async #writeFrame(entries: readonly JournalEntry[]): Promise<void> {
    const seq = entries[0]?.seq ?? 0;
    const { segment, file } = await this.#open(seq);
    const frame = encodeFrame(entries);
    const at = segment.end;
    if (at + frame.length > this.#roomEnd) await this.#makeRoom(file, at, frame.length);
    await file.write(frame, at);
    await file.sync();
    segment.noteFrame({ seq, at }, at + frame.length);
  }

  async #makeRoom(file: DiskFile, at: number, bytes: number): Promise<void> {
    this.#roomEnd = Math.max(this.#roomEnd, at);
    const piece = Math.min(roomBytes, this.#fullBytes);
    for (; this.#roomEnd < at + bytes; this.#roomEnd += piece) await file.writeZeros(piece, this.#roomEnd);
  }

  async #open(firstSeq: number): Promise<{ readonly segment: Segment; readonly file: DiskFile }> {
    const last = this.#segments.at(-1);
    if (last !== undefined && last.end < this.#fullBytes) {
      this.#file ??= await this.#disk.open(last.path);
      return { segment: last, file: this.#file };
    }
    await this.#finish(last);
    const segment = new Segment(join(this.#folder, segmentFile(firstSeq)), firstSeq, []);
    const file = await this.#disk.open(segment.path);
    this.#file = file;
    await file.write(segmentHead(), 0);
    await file.sync();
    await this.#disk.syncFolder(this.#folder);
    this.#segments.push(segment);
    return { segment, file };
  }

  /** The file is full: it ends with its last frame. */
  async #finish(segment: Segment | undefined): Promise<void> {
    if (segment !== undefined && this.#file !== undefined) {
      await this.#file.truncate(segment.end);
      await this.#file.sync();
    }
    await this.#close();
  }

  async #close(): Promise<void> {
    const file = this.#file;
    this.#file = undefined;
    this.#roomEnd = 0;
    await file?.[Symbol.asyncDispose]();
  }

  async #removeLast(): Promise<void> {
    const segment = this.#segments.pop();
    if (segment === undefined) return;
    await this.#disk.remove(segment.path);
    await this.#disk.syncFolder(dirname(segment.path));
  }

  #keptOf(segment: Segment, frame: Parameters<Segment['read']>[0], fromSeq: number): JournalEntry[] {
    return segment.read(frame, 0, this.#disk).filter(({ seq }) => seq < fromSeq);
  }

  async #writeOwn(firstSeq: number, entries: readonly JournalEntry[]): Promise<Segment> {
    const path = join(this.#folder, segmentFile(firstSeq));
    const part = `${path}.part`;
    const frame = encodeFrame(entries);
    {
      await using file = await this.#disk.open(part);
      await file.truncate(0);
      await file.write(Buffer.concat([segmentHead(), frame]), 0);
      await file.sync();
    }
    await this.#disk.rename(part, path);
    await this.#disk.syncFolder(this.#folder);
    const segment = new Segment(path, firstSeq, []);
    segment.noteFrame({ seq: firstSeq, at: segmentHeadBytes }, segmentHeadBytes + frame.length);
    return segment;
  }

  async #truncate(segment: Segment, end: number): Promise<void> {
    await using file = await this.#disk.open(segment.path);
    await file.truncate(end);
    await file.sync();
    segment.noteCut(end);
  }
}
