// What the journal asks of a disk. Tests put one that fails in its place.
import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import { type FileHandle, open, readdir, rename, rm, statfs } from 'node:fs/promises';

export interface Disk {
  /** Made when it is not there. */
  open(path: string): Promise<DiskFile>;
  remove(path: string): Promise<void>;
  rename(from: string, to: string): Promise<void>;
  list(folder: string): Promise<string[]>;
  /** The names in this folder are on disk. */
  syncFolder(folder: string): Promise<void>;
  /** Bytes that this process may still write, and the size of the whole. */
  space(folder: string): Promise<{ readonly freeBytes: number; readonly totalBytes: number }>;
  readSync(path: string, at: number, length: number): Buffer;
  sizeSync(path: string): number;
}

export interface DiskFile extends AsyncDisposable {
  write(bytes: Uint8Array, at: number): Promise<void>;
  truncate(length: number): Promise<void>;
  /** What was written is on disk when it resolves. */
  sync(): Promise<void>;
}

export const nodeDisk: Disk = {
  open: async (path) => fileOf(await openForWriting(path)),
  remove: (path) => rm(path, { recursive: true, force: true }),
  rename,
  list: async (folder) => (await readdir(folder)).sort(),
  syncFolder: async (folder) => {
    await using handle = await open(folder, 'r');
    await handle.sync();
  },
  space: async (folder) => {
    const { bavail, bsize, blocks } = await statfs(folder);
    return { freeBytes: bavail * bsize, totalBytes: blocks * bsize };
  },
  readSync: (path, at, length) => {
    const handle = openSync(path, 'r');
    try {
      const bytes = Buffer.allocUnsafe(length);
      return bytes.subarray(0, readSync(handle, bytes, 0, length, at));
    } finally {
      closeSync(handle);
    }
  },
  sizeSync: (path) => {
    const handle = openSync(path, 'r');
    try {
      return fstatSync(handle).size;
    } finally {
      closeSync(handle);
    }
  },
};

async function openForWriting(path: string): Promise<FileHandle> {
  try {
    return await open(path, 'r+');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    return await open(path, 'w+');
  }
}

function fileOf(handle: FileHandle): DiskFile {
  return {
    write: async (bytes, at) => {
      let written = 0;
      while (written < bytes.length) {
        const { bytesWritten } = await handle.write(bytes, written, bytes.length - written, at + written);
        written += bytesWritten;
      }
    },
    truncate: (length) => handle.truncate(length),
    sync: () => handle.datasync(),
    [Symbol.asyncDispose]: () => handle.close(),
  };
}
