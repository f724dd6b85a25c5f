import { type Disk, type DiskFile, nodeDisk } from '../../src/store/disk.js';

type Fault = 'write' | 'sync' | undefined;

/** A disk that fails when it is told to. */
export function faultyDisk(): Disk & { fail(fault: Fault): void; freeBytes: number | undefined } {
  let fault: Fault;
  const check = (which: Fault): void => {
    if (fault === which) throw new Error('EIO: i/o error');
  };
  const wrap = (file: DiskFile): DiskFile => ({
    write: async (bytes, at) => {
      check('write');
      await file.write(bytes, at);
    },
    writeZeros: async (length, at) => {
      check('write');
      await file.writeZeros(length, at);
    },
    truncate: (length) => file.truncate(length),
    sync: async () => {
      check('sync');
      await file.sync();
    },
    [Symbol.asyncDispose]: () => file[Symbol.asyncDispose](),
  });
  const disk = {
    ...nodeDisk,
    freeBytes: undefined as number | undefined,
    open: async (path: string) => wrap(await nodeDisk.open(path)),
    space: async (folder: string) => {
      const space = await nodeDisk.space(folder);
      return { ...space, freeBytes: disk.freeBytes ?? space.freeBytes };
    },
    fail: (next: Fault) => {
      fault = next;
    },
  };
  return disk;
}
