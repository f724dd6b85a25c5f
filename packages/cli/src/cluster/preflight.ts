import {
  closeSync,
  existsSync,
  fsyncSync,
  mkdirSync,
  openSync,
  rmSync,
  statfsSync,
  writeSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { Ending } from '../ending.js';
import type { RolePlan } from './plan.js';
import { portState } from './ports.js';

/** What a cluster needs to begin at all; it keeps its own reserve below this. */
export const leastFreeBytes = 64 * 1024 * 1024;
const probeBytes = 64 * 1024;

/** What can be known to fail is found before the first process is started: nothing is half begun. */
export async function preflight(roles: readonly RolePlan[]): Promise<void> {
  for (const { name, host, port, address } of roles) {
    const state = await portState(host, port);
    if (state === 'in-use') {
      throw Ending.refused(`${address} (for ${name}) is in use by another program: try another --port`);
    }
    if (state === 'forbidden')
      throw Ending.refused(`${address} (for ${name}) is not allowed: try a --port above 1023`);
    if (state === 'no-such-host')
      throw Ending.refused(`${host} is no address of this machine: try another --host`);
  }
}

const sentences: Readonly<Record<string, string>> = {
  ENOENT: 'cannot be made there',
  EACCES: 'is not writable for this user',
  EPERM: 'is not writable for this user',
  EROFS: 'is on a read-only file system',
  ENOSPC: 'is on a full disk',
  EDQUOT: 'is beyond the disk quota',
  ENOTDIR: 'cannot be made: a file stands in its way',
  EEXIST: 'cannot be made: a file stands in its way',
};

/** Makes the folder, and writes and flushes a probe. */
export function checkFolder(folder: string): void {
  const probe = join(folder, `.probe-${process.pid}`);
  try {
    makeFolder(folder);
    const file = openSync(probe, 'w', 0o600);
    try {
      writeSync(file, Buffer.alloc(probeBytes));
      fsyncSync(file);
    } finally {
      closeSync(file);
      rmSync(probe, { force: true });
    }
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? '';
    throw Ending.refused(`the data folder ${folder} ${sentences[code] ?? `cannot be used: ${code}`}`, {
      cause: error,
    });
  }
  const freeBytes = freeBytesAt(folder);
  if (freeBytes < leastFreeBytes) {
    const mib = (bytes: number): string => `${Math.floor(bytes / 1024 / 1024)} MiB`;
    throw Ending.refused(
      `the data folder ${folder} has ${mib(freeBytes)} left, and needs ${mib(leastFreeBytes)}`,
    );
  }
}

/** Step by step: where nothing can be made, as in /proc, Node's own recursive mkdir never ends. */
function makeFolder(folder: string): void {
  const parent = dirname(folder);
  if (parent !== folder && !existsSync(parent)) makeFolder(parent);
  if (!existsSync(folder)) mkdirSync(folder, { mode: 0o700 });
}

export function freeBytesAt(folder: string): number {
  const { bavail, bsize } = statfsSync(folder);
  return bavail * bsize;
}
