import { existsSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const folder = '/usr/lib';
const library = findLibrary();

/** Whether a `FakeClock` may be made. */
export const fakeClocks = { there: library !== undefined, name: 'libfaketime, for clocks that jump' };

/** What a process takes for the wall clock; how time passes for it stays true. */
export class FakeClock {
  readonly environment: NodeJS.ProcessEnv;
  private readonly file: string;

  constructor(folder: string, name: string) {
    this.file = join(folder, `clock-${name}`);
    this.jumpTo(0);
    this.environment = {
      LD_PRELOAD: library,
      FAKETIME_TIMESTAMP_FILE: this.file,
      // Looked at so often, in seconds.
      FAKETIME_CACHE_DURATION: '1',
      FAKETIME_DONT_FAKE_MONOTONIC: '1',
      DONT_FAKE_MONOTONIC: '1',
      NO_FAKE_STAT: '1',
    };
  }

  /** So many seconds away from the true time; seen within a second. */
  jumpTo(seconds: number): void {
    writeFileSync(this.file, `${seconds < 0 ? '' : '+'}${seconds}\n`);
  }
}

function findLibrary(): string | undefined {
  if (process.platform !== 'linux') return undefined;
  return readdirSync(folder)
    .map((name) => join(folder, name, 'faketime/libfaketimeMT.so.1'))
    .find(existsSync);
}
