/** W9: what the pair did, one JSON line each: in its log file, and aloud. */
import { appendFileSync, renameSync, rmSync, statSync } from 'node:fs';
import type { Clock } from '@everline/chassis/clock';
import type { Home, LogLimits } from './settings.js';
import type { Voice } from './voice.js';

export interface Events {
  /** Into the log and to stderr. */
  tell(event: string, fields?: object): void;
  /** The few lines that who started us waits for: into the log and to stdout. */
  announce(event: string, fields?: object): void;
}

export interface EventsOptions {
  readonly name: string;
  readonly home: Home;
  readonly limits: LogLimits;
  readonly clock: Clock;
  readonly stdout: Voice;
  readonly stderr: Voice;
}

export function createEvents({ name, home, limits, clock, stdout, stderr }: EventsOptions): Events {
  function write(event: string, fields: object): string {
    const line = JSON.stringify({
      time: Math.round(clock.wallMs()),
      event,
      name,
      watchdog: process.pid,
      ...fields,
    });
    try {
      // Opened for every line: keeper and guardian write to the same file, and either may have renamed it meanwhile.
      appendFileSync(home.events, `${line}\n`, { mode: 0o600 });
      rotate(home.events, limits);
    } catch {
      // A full disk must not stop the watchdog; the line is still said aloud.
    }
    return line;
  }
  return {
    tell: (event, fields = {}) => stderr(write(event, fields)),
    announce: (event, fields = {}) => stdout(write(event, fields)),
  };
}

function rotate(path: string, { maxBytes, files }: LogLimits): void {
  if (statSync(path).size < maxBytes) return;
  shift(path, files);
  renameSync(path, `${path}.1`);
}

/** Makes room for a new `path.1`; the oldest goes. */
export function shift(path: string, files: number): void {
  rmSync(`${path}.${files}`, { force: true });
  for (let i = files - 1; i >= 1; i--) {
    try {
      renameSync(`${path}.${i}`, `${path}.${i + 1}`);
    } catch {
      // There are not so many yet.
    }
  }
}
