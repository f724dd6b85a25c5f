import * as fs from 'node:fs';
import { promisify } from 'node:util';
import { errorCode } from './error-code.js';

/** What the file store asks of a disk. A port, so that tests can make every step fail. */
export interface Disk {
  readFile(path: string): Promise<Uint8Array | undefined>;
  /** Empty, for writing; made anew when it is there. */
  create(path: string): Promise<number>;
  write(fd: number, bytes: Uint8Array): Promise<void>;
  flush(fd: number): Promise<void>;
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
) => Promise<{ bytesWritten: number }>;
const flushData = promisify(fs.fdatasync);
const flushAll = promisify(fs.fsync);

export const realDisk: Disk = {
  readFile: async (path) => {
    try {
      return await fs.promises.readFile(path);
    } catch (error) {
      if (errorCode(error) === 'ENOENT') return undefined;
      throw error;
    }
  },
  create: (path) => open(path, 'w', 0o600),
  write: async (fd, bytes) => {
    let from = 0;
    while (from < bytes.length) from += (await write(fd, bytes, from)).bytesWritten;
  },
  flush: (fd) => flushData(fd),
  close: promisify(fs.close),
  rename: promisify(fs.rename),
  openFolder: (path) => open(path, 'r'),
  flushFolder: (fd) => flushAll(fd),
};
