// What the journal asks of a disk. Tests put one that fails in its place.
import { closeSync, constants, fstatSync, openSync, readSync, write, writev } from 'node:fs';
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
  /** In one write, as far as the disk takes it in one. */
  writeZeros(length: number, at: number): Promise<void>;
  truncate(length: number): Promise<void>;
  /** What was written is on disk when it resolves. */
  sync(): Promise<void>;
}

export const nodeDisk: Disk = {
  open: async (path) => fileOf(await open(path, openFlags)),
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

/** On Linux a write returns when it is on disk: half the way of a write and a flush of its own. Elsewhere the flag is weaker, or missing. */
const throughToDisk = process.platform === 'linux';
const openFlags = constants.O_RDWR | constants.O_CREAT | (throughToDisk ? constants.O_DSYNC : 0);

function fileOf(handle: FileHandle): DiskFile {
  let unflushed = false;
  return {
    write: async (bytes, at) => {
      unflushed ||= !throughToDisk;
      let written = 0;
      while (written < bytes.length) written += await writeSome(handle.fd, bytes, written, at + written);
    },
    writeZeros: async (length, at) => {
      unflushed ||= !throughToDisk;
      let written = 0;
      while (written < length) written += await writeSomeZeros(handle.fd, length - written, at + written);
    },
    truncate: async (length) => {
      unflushed = true;
      await handle.truncate(length);
    },
    sync: async () => {
      if (!unflushed) return;
      unflushed = false;
      await handle.datasync();
    },
    [Symbol.asyncDispose]: () => handle.close(),
  };
}

/** Without the layers of a FileHandle's own write: every acknowledgement waits for this. */
function writeSome(fd: number, bytes: Uint8Array, from: number, at: number): Promise<number> {
  return new Promise((resolve, reject) => {
    write(fd, bytes, from, bytes.length - from, at, (error, written) => {
      if (error === null) resolve(written);
      else reject(error);
    });
  });
}

/** The same few again and again: a megabyte of them would stay in memory. */
const zeros = Buffer.alloc(64 * 1024);
/** The kernel takes no more in one write. */
const maxPieces = 1_024;

function writeSomeZeros(fd: number, length: number, at: number): Promise<number> {
  const pieces = Array<Buffer>(Math.min(Math.floor(length / zeros.length), maxPieces)).fill(zeros);
  if (pieces.length < maxPieces) pieces.push(zeros.subarray(0, length % zeros.length));
  return new Promise((resolve, reject) => {
    writev(fd, pieces, at, (error, written) => {
      if (error === null) resolve(written);
      else reject(error);
    });
  });
}
