import { mkdir } from 'node:fs/promises';
import { dirname } from 'node:path';
import { ExitWith, exitCodes } from '@everline/chassis';
import { errorCode } from './configuration-store/error-code.js';
import { DamagedState } from './configuration-store/index.js';

/** For its owner alone. @throws ExitWith when it cannot be made */
export function makeDataDirectory(directory: string): Promise<void> {
  return inDataDirectory(directory, () => make(directory));
}

/** One folder after the other: where the system refuses a new folder with ENOENT (as in /proc), node's own `recursive` tries for ever. */
async function make(directory: string): Promise<void> {
  try {
    await mkdir(directory, { mode: 0o700 });
  } catch (error) {
    const code = errorCode(error);
    if (code === 'EEXIST') return;
    const parent = dirname(directory);
    if (code !== 'ENOENT' || parent === directory) throw error;
    await make(parent);
    await mkdir(directory, { mode: 0o700 });
  }
}

/** Does the first work with the data directory; what goes wrong is said in a sentence that names it. @throws ExitWith */
export async function inDataDirectory<T>(directory: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw sentenceFor(directory, error);
  }
}

/** The sentence says it all: no cause, which would be logged beside it. */
function sentenceFor(directory: string, error: unknown): unknown {
  if (error instanceof DamagedState) return new ExitWith(exitCodes.configuration, error.message);
  const code = errorCode(error);
  switch (code) {
    case 'EACCES':
    case 'EPERM':
    case 'EROFS':
      return new ExitWith(
        exitCodes.permission,
        `the data directory ${directory} cannot be written (${code})`,
      );
    case 'EEXIST':
    case 'ENOENT':
    case 'ENOTDIR':
    case 'ELOOP':
    case 'ENAMETOOLONG':
      return new ExitWith(exitCodes.configuration, `there can be no data directory ${directory} (${code})`);
    default:
      return error;
  }
}
