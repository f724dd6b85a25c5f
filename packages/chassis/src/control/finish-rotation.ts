/**
 * W7: the last step of a rotation is done by the process whose output it is. Its main loop writes every line in one synchronous call, so in this one synchronous piece
 * nothing of it can be written between the copy of the tail and the cut: nothing is torn, nothing lost.
 */
import { closeSync, fstatSync, ftruncateSync, openSync, readSync, statSync, writeSync } from 'node:fs';
import type { Body } from './messages.js';

/** What a child's output is written to, by its watchdog's hand. */
const stderr = 2;
const pieceBytes = 64 * 1024;

/**
 * `path` is our own output, `to` holds its first `copied` bytes: appends the rest and cuts `path` to nothing.
 * Refuses when one of both is not so: then this is an old request, or not for us.
 */
export function finishRotation(body: Body): Body {
  const { path, to, copied } = body;
  if (typeof path !== 'string' || typeof to !== 'string' || typeof copied !== 'number')
    throw new Error('finish-rotation wants path, to and copied');
  const own = fstatSync(stderr);
  const named = statSync(path);
  if (!own.isFile() || own.ino !== named.ino || own.dev !== named.dev)
    throw new Error(`${path} is not the output of this process`);
  if (statSync(to).size !== copied) throw new Error(`${to} does not hold what it should`);
  return { moved: moveTail(path, to, copied) };
}

/** Synchronous from the last read to the cut. */
export function moveTail(path: string, to: string, copied: number): number {
  const source = openSync(path, 'r+');
  const target = openSync(to, 'a', 0o600);
  try {
    const piece = Buffer.allocUnsafe(pieceBytes);
    let position = copied;
    for (;;) {
      const bytes = readSync(source, piece, 0, pieceBytes, position);
      if (bytes === 0) break;
      for (let written = 0; written < bytes; ) written += writeSync(target, piece, written, bytes - written);
      position += bytes;
    }
    ftruncateSync(source, 0);
    return position - copied;
  } finally {
    closeSync(source);
    closeSync(target);
  }
}
