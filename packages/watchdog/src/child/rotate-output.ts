/**
 * W7: rotation of a file that a running process has open. The file stays, its content moves: `output.log` is copied to `output.log.1` and then cut to nothing; a writer that
 * appends goes on at the beginning. What could be lost is what is written between the end of the copy and the cut:
 *
 * - a child with a control socket does this last step itself, between two lines of its own: nothing is torn or lost;
 * - for a plain program the watchdog does it, in one synchronous piece of some ten microseconds.
 *
 * A mark lies beside the file from before the copy until after the cut. Who finds it, and the copy being the beginning of the file, knows that the cut was never made, and
 * copies anew instead of moving the same lines on a second time.
 */
import { closeSync, existsSync, openSync, readSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { copyFile } from 'node:fs/promises';
import { type ControlLink, moveTail } from '@everline/chassis/control';
import { shift } from '../events.js';
import type { LogLimits } from '../settings.js';
import { sizeOf } from './output.js';

/** Who writes at this moment; `unreachable`: a child that has to do it itself, and has not opened its control socket yet. */
export type Writer = 'nobody' | 'plain program' | 'unreachable' | ControlLink;

const requestDeadlineMs = 3_000;

/** True when it was rotated. Not to be called again before it has ended. */
export async function rotateOutput(path: string, limits: LogLimits, writer: () => Writer): Promise<boolean> {
  if (sizeOf(path) < limits.maxBytes || writer() === 'unreachable') return false;
  const copy = `${path}.1`;
  const mark = markOf(path);
  if (!(isUnfinished(path) && isBeginningOf(copy, path))) {
    shift(path, limits.files);
    writeFileSync(mark, '');
  }
  await copyFile(path, copy);
  const copied = statSync(copy).size;
  const by = writer();
  if (by === 'unreachable') return false;
  if (typeof by === 'string') moveTail(path, copy, copied);
  else await by.request('finish-rotation', { path, to: copy, copied }, requestDeadlineMs);
  rmSync(mark, { force: true });
  return true;
}

/** A rotation was begun and not ended: lines may stand in two files. */
export function isUnfinished(path: string): boolean {
  return existsSync(markOf(path));
}

function markOf(path: string): string {
  return `${path}.rotating`;
}

const pieceBytes = 64 * 1024;

export function isBeginningOf(copy: string, path: string): boolean {
  const length = sizeOf(copy);
  if (length === 0 || length > sizeOf(path)) return false;
  const [first, second] = [openSync(copy, 'r'), openSync(path, 'r')];
  const [a, b] = [Buffer.alloc(pieceBytes), Buffer.alloc(pieceBytes)];
  try {
    for (let position = 0; position < length; position += pieceBytes) {
      const bytes = Math.min(pieceBytes, length - position);
      readSync(first, a, 0, bytes, position);
      readSync(second, b, 0, bytes, position);
      if (!a.subarray(0, bytes).equals(b.subarray(0, bytes))) return false;
    }
    return true;
  } finally {
    closeSync(first);
    closeSync(second);
  }
}
