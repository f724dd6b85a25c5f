import type { Cancel, Clock } from '@everline/chassis';
import type { Disk } from './disk.js';

const everyMs = 1_000;
/** Kept free for going on reading, stepping down and recovering: a twentieth of the disk, within these bounds. */
const leastReserveBytes = 4 * 1024 * 1024;
const mostReserveBytes = 64 * 1024 * 1024;
const reserveShare = 0.05;
/** Full until this much more than the reserve is free: it does not flicker. */
const roomShare = 1.25;

/** M14: looks at the disk now and then, never while somebody waits. */
export class DiskSpace implements Disposable {
  readonly #folder: string;
  readonly #disk: Disk;
  readonly #cancel: Cancel;
  #full = false;

  constructor(folder: string, disk: Disk, clock: Clock) {
    this.#folder = folder;
    this.#disk = disk;
    this.#cancel = clock.every(everyMs, () => void this.look());
  }

  get full(): boolean {
    return this.#full;
  }

  async look(): Promise<void> {
    try {
      const { freeBytes, totalBytes } = await this.#disk.space(this.#folder);
      const reserve = Math.min(Math.max(totalBytes * reserveShare, leastReserveBytes), mostReserveBytes);
      this.#full = freeBytes < (this.#full ? reserve * roomShare : reserve);
    } catch {
      // A disk that cannot be asked is no full one; writing to it will tell.
    }
  }

  [Symbol.dispose](): void {
    this.#cancel();
  }
}
