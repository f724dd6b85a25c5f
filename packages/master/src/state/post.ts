// Posts as they are stored and sent: everline.sns.v1.Post.
import type { PostDraft } from './draft.js';
import { varintLength, WireReader, writeHead, writeVarint } from './wire.js';

/** What the state needs of a post. */
export interface PostFields {
  readonly postId: string;
  readonly author: string;
  readonly text: string;
  readonly seq: number;
}

interface PostPlace {
  readonly seq: number;
  readonly atMs: number;
}

const tags = { postId: 10, author: 18, text: 26, postedAt: 34, seq: 40 };
const timeTags = { seconds: 8, nanos: 16 };

export function postLength({ id, author, text }: PostDraft, { seq, atMs }: PostPlace): number {
  return (
    fieldLength(id.length) +
    fieldLength(Buffer.byteLength(author)) +
    fieldLength(Buffer.byteLength(text)) +
    fieldLength(timeLength(atMs)) +
    1 +
    varintLength(seq)
  );
}

/** As many bytes as postLength says. */
export function writePost(
  target: Buffer,
  from: number,
  { id, author, text }: PostDraft,
  { seq, atMs }: PostPlace,
): void {
  let at = writeText(target, from, tags.postId, id);
  at = writeText(target, at, tags.author, author);
  at = writeText(target, at, tags.text, text);
  at = writeHead(target, at, tags.postedAt, timeLength(atMs));
  at = writeNumber(target, at, timeTags.seconds, Math.floor(atMs / 1_000));
  at = writeNumber(target, at, timeTags.nanos, nanosOf(atMs));
  target[at] = tags.seq;
  writeVarint(target, at + 1, seq);
}

/** Throws when the bytes are no post. */
export function readPost(bytes: Uint8Array): PostFields {
  const reader = new WireReader(bytes);
  let postId = '';
  let author = '';
  let text = '';
  let seq = 0;
  while (!reader.done) {
    const tag = reader.varint();
    if (tag === tags.postId) postId = reader.text();
    else if (tag === tags.author) author = reader.text();
    else if (tag === tags.text) text = reader.text();
    else if (tag === tags.seq) seq = reader.varint();
    else reader.skip(tag);
  }
  return { postId, author, text, seq };
}

function writeText(target: Buffer, at: number, tag: number, text: string): number {
  const begin = writeHead(target, at, tag, Buffer.byteLength(text));
  return begin + target.write(text, begin);
}

/** Zero is left out. */
function writeNumber(target: Buffer, at: number, tag: number, value: number): number {
  if (value === 0) return at;
  target[at] = tag;
  return writeVarint(target, at + 1, value);
}

function numberLength(value: number): number {
  return value === 0 ? 0 : 1 + varintLength(value);
}

function timeLength(atMs: number): number {
  return numberLength(Math.floor(atMs / 1_000)) + numberLength(nanosOf(atMs));
}

function nanosOf(atMs: number): number {
  return (atMs % 1_000) * 1_000_000;
}

function fieldLength(length: number): number {
  return 1 + varintLength(length) + length;
}
