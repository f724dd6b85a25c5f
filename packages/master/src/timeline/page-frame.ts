// A ReadTimelineResponse around the posts' bytes as they are stored, in one allocation.
import { varintLength, writeHead } from '../state/wire.js';
import type { Page, PageEntry } from './page.js';

const tag = { entry: 10, post: 10, cursor: 18, prevSeq: 24, nextBefore: 18 };

export function pageFrame({ entries, more }: Page, cursorOf: (seq: number) => string): Buffer {
  const cursors = entries.map(({ seq }) => cursorOf(seq));
  const lengths = entries.map((entry, i) => entryLength(entry, cursors[i] ?? ''));
  const nextBefore = more ? (cursors.at(-1) ?? '') : '';
  let size = nextBefore === '' ? 0 : fieldLength(nextBefore.length);
  for (const length of lengths) size += fieldLength(length);
  const frame = Buffer.allocUnsafe(size);
  let at = 0;
  for (const [i, { bytes, prevSeq }] of entries.entries()) {
    at = writeHead(frame, at, tag.entry, lengths[i] ?? 0);
    at = writeHead(frame, at, tag.post, bytes.length);
    frame.set(bytes, at);
    at = writeCursor(frame, at + bytes.length, tag.cursor, cursors[i] ?? '');
    if (prevSeq > 0) at = writeHead(frame, at, tag.prevSeq, prevSeq);
  }
  if (nextBefore !== '') writeCursor(frame, at, tag.nextBefore, nextBefore);
  return frame;
}

function entryLength({ bytes, prevSeq }: PageEntry, cursor: string): number {
  const after = prevSeq > 0 ? 1 + varintLength(prevSeq) : 0;
  return fieldLength(bytes.length) + fieldLength(cursor.length) + after;
}

function fieldLength(length: number): number {
  return 1 + varintLength(length) + length;
}

function writeCursor(frame: Buffer, at: number, field: number, cursor: string): number {
  const begin = writeHead(frame, at, field, cursor.length);
  return begin + frame.write(cursor, begin, 'latin1');
}
