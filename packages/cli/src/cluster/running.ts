import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { systemClock } from '@everline/chassis/clock';
import { holderOf } from './holders.js';

const watchdogFolder = 'watchdog';

/** The roles of this folder whose watchdogs or whose process run now. */
export async function runningRoles(dataDir: string): Promise<ReadonlySet<string>> {
  const names = namesIn(join(dataDir, watchdogFolder));
  const holders = await Promise.all(
    names.map(async (name) => {
      const watchdog = await holderOf(join(dataDir, watchdogFolder, name), systemClock);
      return watchdog ?? (await holderOf(join(dataDir, name), systemClock));
    }),
  );
  return new Set(names.filter((_, index) => holders[index] !== undefined));
}

/** How many masters have their data here. */
export function mastersIn(dataDir: string): number {
  return namesIn(dataDir).filter((name) => /^master-\d+$/.test(name)).length;
}

export function namesIn(folder: string): readonly string[] {
  return existsSync(folder) ? readdirSync(folder) : [];
}
