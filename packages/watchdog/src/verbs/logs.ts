import { closeSync, openSync, readSync } from 'node:fs';
import type { Clock } from '@everline/chassis/clock';
import { sizeOf } from '../child/output.js';
import { UsageError } from '../command-line.js';
import { exactlyOne, readVerbLine } from './names.js';
import type { Verb } from './verb.js';

const pieceBytes = 64 * 1024;
const followEveryMs = 200;
const defaultLines = 100;

/** The child's output, or with --watchdog what the pair did. */
export const logs: Verb = async (argv, { clock, defaultDataDir, stop, print }) => {
  const line = readVerbLine(argv, defaultDataDir, {
    follow: { type: 'boolean', short: 'f' },
    lines: { type: 'string', short: 'n' },
    watchdog: { type: 'boolean' },
    json: { type: 'boolean' },
  });
  const { home } = exactlyOne(argv, line, 'logs');
  const { values } = line;
  const wanted = values.lines === undefined ? defaultLines : Number(values.lines);
  if (!Number.isSafeInteger(wanted) || wanted < 0) throw new UsageError('-n: how many lines, a whole number');
  const path = values.watchdog === true ? home.events : home.output;
  const from = startOfLastLines(path, wanted);
  const position = await copyOut(path, from, print);
  if (values.follow === true && position !== undefined) await follow(path, position, clock, stop, print);
};

type Print = (text: string | Uint8Array) => Promise<boolean>;

/** Like `tail -F`: what was moved away by a rotation since the last look is read from where it was moved to. */
async function follow(
  path: string,
  begin: number,
  clock: Clock,
  stop: AbortSignal,
  print: Print,
): Promise<void> {
  let position: number | undefined = begin;
  while (!stop.aborted && position !== undefined) {
    if (sizeOf(path) < position)
      position = (await copyOut(`${path}.1`, position, print)) === undefined ? undefined : 0;
    else position = await copyOut(path, position, print);
    await clock.sleep(followEveryMs, stop).catch(() => undefined);
  }
}

/** Returns where the next bytes will be; undefined when nobody reads any more. */
async function copyOut(path: string, from: number, print: Print): Promise<number | undefined> {
  let position = from;
  for (;;) {
    const piece = readAt(path, position);
    if (piece.length === 0) return position;
    if (!(await print(piece))) return undefined;
    position += piece.length;
  }
}

function startOfLastLines(path: string, wanted: number): number {
  if (wanted === 0) return sizeOf(path);
  let missing = wanted;
  for (let end = sizeOf(path); end > 0; ) {
    const from = Math.max(0, end - pieceBytes);
    const piece = readAt(path, from).subarray(0, end - from);
    // The newline at the very end closes the last line, it does not begin another.
    for (let at = piece.length - 1; at >= 0; at--)
      if (piece[at] === 10 && from + at + 1 < sizeOf(path) && --missing === 0) return from + at + 1;
    end = from;
  }
  return 0;
}

function readAt(path: string, position: number): Buffer {
  const buffer = Buffer.alloc(pieceBytes);
  let descriptor: number | undefined;
  try {
    descriptor = openSync(path, 'r');
    return buffer.subarray(0, readSync(descriptor, buffer, 0, pieceBytes, position));
  } catch {
    return buffer.subarray(0, 0);
  } finally {
    if (descriptor !== undefined) closeSync(descriptor);
  }
}
