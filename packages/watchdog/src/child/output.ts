/** W7, W9: the file that the child's output goes to. */
import { closeSync, fstatSync, openSync, readSync } from 'node:fs';

const tailBytes = 8 * 1024;
const tailLines = 10;
const maxLineLength = 500;

/** The last lines that were written, at most since `fromByte`; for the death line. */
export function lastLines(path: string, fromByte: number): readonly string[] {
  let descriptor: number | undefined;
  try {
    descriptor = openSync(path, 'r');
    const { size } = fstatSync(descriptor);
    // Smaller than it was: it has been rotated since.
    const from = Math.max(size - tailBytes, size < fromByte ? 0 : fromByte);
    const buffer = Buffer.alloc(Math.max(size - from, 0));
    const bytes = readSync(descriptor, buffer, 0, buffer.length, from);
    const lines = buffer
      .subarray(0, bytes)
      .toString('utf8')
      .split('\n')
      .filter((line) => line !== '');
    return lines.slice(-tailLines).map((line) => line.slice(-maxLineLength));
  } catch {
    return [];
  } finally {
    if (descriptor !== undefined) closeSync(descriptor);
  }
}

export function sizeOf(path: string): number {
  let descriptor: number | undefined;
  try {
    descriptor = openSync(path, 'r');
    return fstatSync(descriptor).size;
  } catch {
    return 0;
  } finally {
    if (descriptor !== undefined) closeSync(descriptor);
  }
}
