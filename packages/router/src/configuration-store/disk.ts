import * as fs from 'node:fs';
import { promisify } from 'node:util';
import { errorCode } from './error-code.js';

/** What the file store asks of a disk. A port, so that tests can make every step fail. */
export interface Disk {
  readFile(path: string): Promise<Uint8Array | undefined>;
  /** Empty, for writing; made anew when it is there. What is written to it is on disk when `write` resolves. */
  create(path: string): Promise<number>;
  write(fd: number, bytes: Uint8Array, at: number): Promise<void>;
  close(fd: number): Promise<void>;
  rename(from: string, to: string): Promise<void>;
  openFolder(path: string): Promise<number>;
  flushFolder(fd: number): Promise<void>;
}

const open = promisify(fs.open);
const write = promisify(fs.write) as (
  fd: number,
  bytes: Uint8Array,
  from: number,
  length: number,
  at: number,
) => Promise<{ bytesWritten: number }>;
const flushData = promisify(fs.fdatasync);
const flushAll = promisify(fs.fsync);

/** On Linux a write returns when it is on disk: half the way of a write and a flush of its own. Elsewhere the flag is weaker, or missing. */
const throughToDisk = process.platform === 'linux';
const { O_RDWR, O_CREAT, O_TRUNC, O_DSYNC } = fs.constants;
const createFlags = O_RDWR | O_CREAT | O_TRUNC | (throughToDisk ? O_DSYNC : 0);

export const realDisk: Disk = {
  readFile: async (path) => {
    try {
      return await fs.promises.readFile(path);
    } catch (error) {
      if (errorCode(error) === 'ENOENT') return undefined;
      throw error;
    }
  },
  create: (path) => open(path, createFlags, 0o600),
  write: async (fd, bytes, at) => {
    let from = 0;
    while (from < bytes.length)
      from += (await write(fd, bytes, from, bytes.length - from, at + from)).bytesWritten;
    if (!throughToDisk) await flushData(fd);
  },
  close: promisify(fs.close),
  rename: promisify(fs.rename),
  openFolder: (path) => open(path, 'r'),
  flushFolder: (fd) => flushAll(fd),
};
