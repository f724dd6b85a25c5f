import type { Cancel, Clock } from '@everline/chassis';
import type { Disk } from './disk.js';

const everyMs = 1_000;
/** Kept free for going on reading, stepping down and recovering: a fifth of a small disk, and no more than this of a large one. */
const reserveShare = 0.2;
const leastReserveBytes = 2 * 1024 * 1024;
const mostReserveBytes = 64 * 1024 * 1024;
/** Full until this much more than the reserve is free: it does not flicker. */
const roomShare = 1.25;
/** After this part of the reserve was written it looks again: state and journal together take a few times what is appended. */
const lookShare = 0.05;

/** M14: looks at the disk now and then, never while somebody waits. */
export class DiskSpace implements Disposable {
  readonly #folder: string;
  readonly #disk: Disk;
  readonly #cancel: Cancel;
  #full = false;
  #reserve = leastReserveBytes;
  #written = 0;

  constructor(folder: string, disk: Disk, clock: Clock) {
    this.#folder = folder;
    this.#disk = disk;
    this.#cancel = clock.every(everyMs, () => void this.look());
  }

  get full(): boolean {
    return this.#full;
  }

  /** So much was appended since. */
  noteWritten(bytes: number): void {
    this.#written += bytes;
    if (this.#written > this.#reserve * lookShare) void this.look();
  }

  async look(): Promise<void> {
    this.#written = 0;
    try {
      const { freeBytes, totalBytes } = await this.#disk.space(this.#folder);
      this.#reserve = Math.min(Math.max(totalBytes * reserveShare, leastReserveBytes), mostReserveBytes);
      this.#full = freeBytes < (this.#full ? this.#reserve * roomShare : this.#reserve);
    } catch {
      // A disk that cannot be asked is no full one; writing to it will tell.
    }
  }

  [Symbol.dispose](): void {
    this.#cancel();
  }
}
