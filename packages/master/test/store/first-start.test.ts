import { cpSync } from 'node:fs';
import { basename, join } from 'node:path';
import { expect, jest, test } from '@jest/globals';
import { type Disk, type DiskFile, nodeDisk } from '../../src/store/disk.js';
import { closed, opened, temporaryFolder } from './temporary.js';

jest.setTimeout(30_000);

/** Calls `after` with the name of each step that was made. */
function watchedDisk(after: (step: string) => void): Disk {
  const stepped = async <T>(step: string, made: Promise<T>): Promise<T> => {
    const value = await made;
    after(step);
    return value;
  };
  const wrap = (name: string, file: DiskFile): DiskFile => ({
    write: (bytes, at) => stepped(`write ${name}`, file.write(bytes, at)),
    writeZeros: (length, at) => stepped(`zeros ${name}`, file.writeZeros(length, at)),
    truncate: (length) => stepped(`truncate ${name}`, file.truncate(length)),
    sync: () => stepped(`sync ${name}`, file.sync()),
    [Symbol.asyncDispose]: () => file[Symbol.asyncDispose](),
  });
  return {
    ...nodeDisk,
    open: async (path) => wrap(basename(path), await stepped(`open ${basename(path)}`, nodeDisk.open(path))),
    remove: (path) => stepped(`remove ${basename(path)}`, nodeDisk.remove(path)),
    syncFolder: (path) => stepped(`sync ${basename(path)}`, nodeDisk.syncFolder(path)),
  };
}

test('M13: a first start that is killed at any step is one: the next begins where it was, or anew', async () => {
  const folder = join(temporaryFolder(), 'data');
  const copies: { readonly step: string; readonly copy: string }[] = [];
  const disk = watchedDisk((step) => {
    const copy = temporaryFolder();
    cpSync(folder, copy, { recursive: true });
    copies.push({ step, copy });
  });
  await closed(await opened(folder, { disk }));
  expect(copies.map(({ step }) => step)).toEqual(
    expect.arrayContaining([
      'open facts',
      'write facts',
      'remove generation-1',
      'sync generation-1',
      'sync data',
    ]),
  );
  for (const { step, copy } of copies) {
    const store = await opened(copy);
    expect({ step, facts: store.facts(), lastSeq: store.positions().lastSeq }).toEqual({
      step,
      facts: { history: 0, promisedEpoch: 0 },
      lastSeq: 0,
    });
    await closed(store);
    const again = await opened(copy);
    expect(again.masterId).toBe(store.masterId);
    await closed(again);
  }
});
