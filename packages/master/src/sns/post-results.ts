// The answers to streamed posts, as they are sent. By hand and in one allocation: the posts' bytes go in as they are stored.
import { Refusal } from '@everline/chassis';
import { PostRefusal } from '@everline/contracts';
import { refusal } from '../errors.js';
import { varintLength, writeHead, writeVarint } from '../state/wire.js';
import type { Answer } from './role.js';

/** What became of one post. */
export interface PostResult {
  readonly postId: string;
  readonly settled: Answer | Refusal | undefined;
}

/** Of TimelineResponse, PostResults and PostResult. */
const tags = { posted: 18, results: 50, result: 10, postId: 10, post: 18, refusal: 26, copies: 32 };

/** A TimelineResponse with `posted`. */
export function encodePosted(result: PostResult): Uint8Array {
  const part = partOf(result);
  const frame = Buffer.allocUnsafe(fieldLength(part.length));
  writePart(frame, writeHead(frame, 0, tags.posted, part.length), part);
  return frame;
}

/** A TimelineResponse with `results`. */
export function encodeResults(results: readonly PostResult[]): Uint8Array {
  const parts = results.map(partOf);
  const length = parts.reduce((sum, part) => sum + fieldLength(part.length), 0);
  const frame = Buffer.allocUnsafe(fieldLength(length));
  let at = writeHead(frame, 0, tags.results, length);
  for (const part of parts) at = writePart(frame, writeHead(frame, at, tags.result, part.length), part);
  return frame;
}

interface Part {
  readonly postId: string;
  readonly tag: number;
  readonly bytes: Uint8Array;
  /** 0 is left out. */
  readonly copies: number;
  /** Of all that. */
  readonly length: number;
}

function partOf({ postId, settled }: PostResult): Part {
  const kept = settled instanceof Refusal ? undefined : settled;
  if (kept?.outcome.kind === 'post') return part(postId, tags.post, kept.outcome.post, kept.copies);
  return part(postId, tags.refusal, encodeRefusal(refusalOf(settled)), 0);
}

function part(postId: string, tag: number, bytes: Uint8Array, copies: number): Part {
  const copiesLength = copies === 0 ? 0 : 1 + varintLength(copies);
  const length = fieldLength(Buffer.byteLength(postId)) + fieldLength(bytes.length) + copiesLength;
  return { postId, tag, bytes, copies, length };
}

/** @returns where it ends */
function writePart(target: Buffer, from: number, { postId, tag, bytes, copies }: Part): number {
  let at = writeHead(target, from, tags.postId, Buffer.byteLength(postId));
  at = writeHead(target, at + target.write(postId, at), tag, bytes.length);
  target.set(bytes, at);
  at += bytes.length;
  if (copies === 0) return at;
  target[at] = tags.copies;
  return writeVarint(target, at + 1, copies);
}

function refusalOf(settled: Answer | Refusal | undefined): Refusal {
  if (settled instanceof Refusal) return settled;
  if (settled?.outcome.kind === 'refused') return refusal(settled.outcome.reason, settled.outcome.text);
  return refusal('UNEXPECTED', undefined, {});
}

function encodeRefusal({ code, reason, message }: Refusal): Uint8Array {
  return PostRefusal.encode({ code, reason, message }).finish();
}

function fieldLength(length: number): number {
  return 1 + varintLength(length) + length;
}
