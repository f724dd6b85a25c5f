/**
 * How a watchdog speaks to who started it: it never waits for a reader and never dies with one. (A supervisor that blocks on its own stderr, or dies of EPIPE, takes its
 * child's safety with it.) What a reader misses is in the log file.
 */
import { fstatSync } from 'node:fs';
import { createLineWriter } from '@everline/chassis/line-writer';

export type Voice = (line: string) => void;

export const mute: Voice = () => undefined;

export function openVoice(descriptor: 1 | 2): Voice {
  try {
    fstatSync(descriptor);
  } catch {
    // Closed by who started us; the number may be given to another file any time.
    return mute;
  }
  const writer = createLineWriter(
    descriptor,
    (lines) => `${JSON.stringify({ event: 'lines-lost', lines })}\n`,
  );
  return (line) => writer.write(`${line}\n`);
}
