import { mkdtempSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { type Finding, fault, ok } from './finding.js';

interface Lmdb {
  open(options: { path: string }): {
    put(key: string, value: string): Promise<boolean>;
    get(key: string): unknown;
    close(): Promise<void>;
  };
}

/** The one binary part: loads it as a master does, and keeps a value with it. */
export async function checkStorage(): Promise<Finding> {
  const folder = mkdtempSync(join(tmpdir(), 'everline-doctor-'));
  try {
    const ofMaster = createRequire(createRequire(import.meta.url).resolve('@everline/master/package.json'));
    const lmdb = (await import(pathToFileURL(ofMaster.resolve('lmdb')).href)) as Lmdb;
    const store = lmdb.open({ path: join(folder, 'probe') });
    await store.put('key', 'value');
    const value = store.get('key');
    await store.close();
    if (value !== 'value') throw new Error('what was written did not come back');
    return ok('storage', 'the storage engine loads, and keeps what it is given');
  } catch (error) {
    return fault(
      'storage',
      `the storage engine does not work: ${(error as Error).message.split('\n')[0]}`,
      `install again on this machine (its binary is for ${process.platform} ${process.arch}), without --no-optional`,
    );
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
