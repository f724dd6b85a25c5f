import { resolve } from 'node:path';
import { type Disk, realDisk } from './disk.js';
import type { ConfigurationStore, Stored } from './port.js';
import { StateFolder } from './state-folder.js';

/** Handles of one folder within this process share it; other processes are kept away by the lock of the control socket. */
const open = new Map<string, { readonly shared: StateFolder; handles: number }>();

/** @param folder exists and can be written */
export async function openFileStore(folder: string, disk: Disk = realDisk): Promise<ConfigurationStore> {
  const path = resolve(folder);
  const entry = open.get(path) ?? { shared: new StateFolder(path, disk), handles: 0 };
  entry.handles += 1;
  open.set(path, entry);
  const { shared } = entry;
  const own = new Set<(newest: Stored) => void>();
  return {
    get: () => shared.get(),
    compareAndSet: (expected, bytes) => shared.compareAndSet(expected, bytes),
    watch: (changed) => {
      shared.watchers.add(changed);
      own.add(changed);
      return () => shared.watchers.delete(changed);
    },
    acquire: (signal) => shared.line.acquire(signal),
    [Symbol.asyncDispose]: async () => {
      for (const changed of own) shared.watchers.delete(changed);
      entry.handles -= 1;
      if (entry.handles > 0) return;
      open.delete(path);
      await shared.close();
    },
  };
}
