import { writeSync } from 'node:fs';

/** One line to a descriptor, at once, so that it survives an exit. A closed or full one is nobody's trouble but the reader's. */
export function writeLine(descriptor: number, line: string): void {
  try {
    writeSync(descriptor, line.endsWith('\n') ? line : `${line}\n`);
  } catch {
    // EPIPE, EAGAIN, EIO: there is nobody to tell it to.
  }
}
