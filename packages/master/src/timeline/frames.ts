// TimelineResponse messages, put together from the bytes of posts as they are stored: a post is encoded once in its life.
import { type Moved, TimelineResponse } from '@everline/contracts';
import { varintLength, writeHead, writeVarint } from '../state/wire.js';
import type { StoredPost } from './view.js';

/** An entry without its prev_seq: the same for all readers. */
export interface Core {
  readonly seq: number;
  /** The encoded everline.sns.v1.Post. */
  readonly post: Uint8Array;
  /** The fields `post` and `cursor` of a TimelineEntry. */
  readonly bytes: Uint8Array;
}

/** An entry as one timeline has it. */
export interface Link {
  readonly core: Core;
  /** The seq of the entry before it in this timeline; 0 for none. */
  readonly prevSeq: number;
}

const tag = { post: 10, cursor: 18, prevSeq: 24, entry: 10, entries: 10 };

/** By hand: this is done for every entry of every reader that is behind. */
export function coreOf({ seq, bytes: post }: StoredPost, cursor: string): Core {
  const { length } = post;
  const bytes = Buffer.allocUnsafe(
    1 + varintLength(length) + length + 1 + varintLength(cursor.length) + cursor.length,
  );
  const postAt = writeHead(bytes, 0, tag.post, length);
  bytes.set(post, postAt);
  bytes.write(cursor, writeHead(bytes, postAt + length, tag.cursor, cursor.length), 'latin1');
  return { seq, post, bytes };
}

/** One message with all these entries, in order. */
export function entriesFrame(links: readonly Link[]): Buffer {
  let size = 0;
  for (const link of links) {
    const length = entryLength(link);
    size += 1 + varintLength(length) + length;
  }
  const frame = Buffer.allocUnsafe(1 + varintLength(size) + size);
  let at = writeVarint(frame, writeByte(frame, 0, tag.entries), size);
  for (const link of links) {
    const { core, prevSeq } = link;
    at = writeVarint(frame, writeByte(frame, at, tag.entry), entryLength(link));
    frame.set(core.bytes, at);
    at += core.bytes.length;
    if (prevSeq > 0) at = writeVarint(frame, writeByte(frame, at, tag.prevSeq), prevSeq);
  }
  return frame;
}

function entryLength({ core, prevSeq }: Link): number {
  return core.bytes.length + (prevSeq > 0 ? 1 + varintLength(prevSeq) : 0);
}

export function caughtUpFrame(cursor: string): Uint8Array {
  return encode({ $case: 'caughtUp', value: { cursor } });
}

export function heartbeatFrame(cursor: string): Uint8Array {
  return encode({ $case: 'heartbeat', value: { cursor } });
}

export function movedFrame(value: Moved): Uint8Array {
  return encode({ $case: 'moved', value });
}

function encode(response: NonNullable<TimelineResponse['response']>): Uint8Array {
  return TimelineResponse.encode({ response }).finish();
}

function writeByte(frame: Buffer, at: number, byte: number): number {
  frame[at] = byte;
  return at + 1;
}
