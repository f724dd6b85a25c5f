import { createHash } from 'node:crypto';
import { join } from 'node:path';
import type { Address } from '@everline/chassis/address';
import type { HangRule } from './policy/hang.js';
import type { RestartIntensity } from './policy/restart.js';

/** What a pair is started with; parsed once, frozen. */
export interface Settings {
  readonly name: string;
  /** Where the watchdogs keep their own things, a folder for each name. */
  readonly dataDir: string;
  /** Whose control socket the child opens. Without it the child is a plain program: it cannot be pinged, and counts as ready when it runs. */
  readonly childDataDir: string | undefined;
  readonly reportTo: readonly Address[];
  readonly command: readonly [program: string, ...args: string[]];
  readonly hang: HangRule;
  /** From SIGTERM to SIGKILL. */
  readonly graceMs: number;
  /** Within this a child opens its control socket, or it is called hung. */
  readonly startMs: number;
  readonly log: LogLimits;
  readonly intensity: RestartIntensity;
}

export interface LogLimits {
  readonly maxBytes: number;
  /** Older ones kept beside the one that is written. */
  readonly files: number;
}

/** Where a name's things are. */
export interface Home {
  readonly folder: string;
  /** Whatever the child writes. */
  readonly output: string;
  /** What the pair did, one JSON line each. */
  readonly events: string;
  /** What Node says when a detached watchdog itself goes down; empty in all other cases. */
  readonly stray: string;
  readonly state: string;
}

export function homeOf(dataDir: string, name: string): Home {
  const folder = join(dataDir, name);
  return {
    folder,
    output: join(folder, 'output.log'),
    events: join(folder, 'watchdog.log'),
    stray: join(folder, 'stray.log'),
    state: join(folder, 'state.json'),
  };
}

/** Two watchdogs are a pair only if they would do the same. */
export function fingerprint(settings: Settings): string {
  return createHash('sha256').update(JSON.stringify(settings)).digest('hex');
}

/** Names are parts of paths, and are typed by people. */
export function isName(text: string): boolean {
  return /^[a-z0-9][a-z0-9._-]{0,31}$/.test(text);
}
