/**
 * Where log lines go: synchronously, so that the last ones before a crash are there; and never in the way of the process.
 * A pipe or terminal whose reader sleeps would block a plain write for ever, and a closed one would throw: here both cost lines, which are counted, and nothing else.
 */
import { constants, fstatSync, openSync, writeSync } from 'node:fs';

export interface LineWriter {
  /** Takes one whole line with its newline. */
  write(line: string): void;
}

/** @param lost makes the line that tells how many were lost before it. */
export function createLineWriter(descriptor: number, lost: (lines: number) => string): LineWriter {
  const target = withoutWaiting(descriptor);
  /** The rest of a line that the reader took only a part of. */
  let torn: Buffer | undefined;
  let lostLines = 0;

  /** Whether the reader took something. What is left of it becomes `torn`: no line is ever mixed with another. */
  function push(bytes: Buffer): boolean {
    let written = 0;
    try {
      while (written < bytes.length) written += writeSync(target, bytes, written);
    } catch {
      // EAGAIN: the reader sleeps. EPIPE, EIO, ENOSPC: it is gone, or the disk is full, and may come back.
      if (written === 0) return false;
      torn = bytes.subarray(written);
    }
    return true;
  }

  function finishTorn(): boolean {
    const rest = torn;
    if (rest === undefined) return true;
    torn = undefined;
    if (!push(rest)) torn = rest;
    return torn === undefined;
  }

  return {
    write: (line) => {
      if (finishTorn() && lostLines > 0 && push(Buffer.from(lost(lostLines)))) lostLines = 0;
      if (torn !== undefined || lostLines > 0 || !push(Buffer.from(line))) lostLines += 1;
    },
  };
}

/**
 * A file is written to as it is. A pipe or terminal is opened once more, to get a description of our own that may be non-blocking: the flag of the inherited one is
 * shared with other processes. Where that is not possible (a socket, another system) the descriptor is used as it is.
 */
function withoutWaiting(descriptor: number): number {
  try {
    if (fstatSync(descriptor).isFile()) return descriptor;
    const { O_WRONLY, O_NONBLOCK, O_NOCTTY } = constants;
    return openSync(`/proc/self/fd/${descriptor}`, O_WRONLY | O_NONBLOCK | O_NOCTTY);
  } catch {
    return descriptor;
  }
}
