import type { ConfigurationStore, Stored } from './port.js';
import { WaitingLine } from './waiting-line.js';

/** What several handles share: the memory that survives the death of one of them. */
export interface SharedMemory {
  newest: Stored | undefined;
  readonly watchers: Set<(newest: Stored) => void>;
  readonly line: WaitingLine;
}

export function sharedMemory(): SharedMemory {
  return { newest: undefined, watchers: new Set(), line: new WaitingLine() };
}

/** For tests and the simulator. @param fault called before and after a change; what it throws is thrown to the caller */
export function openMemoryStore(
  shared: SharedMemory = sharedMemory(),
  fault: (moment: 'before' | 'after') => void = () => {},
): ConfigurationStore {
  const own = new Set<(newest: Stored) => void>();
  return {
    get: async () => shared.newest,
    compareAndSet: async (expected, bytes) => {
      if ((shared.newest?.revision ?? 0) !== expected) return { kind: 'conflict', newest: shared.newest };
      fault('before');
      const newest = { revision: expected + 1, bytes };
      shared.newest = newest;
      for (const tell of shared.watchers) tell(newest);
      fault('after');
      return { kind: 'kept', revision: newest.revision };
    },
    watch: (changed) => {
      shared.watchers.add(changed);
      own.add(changed);
      return () => shared.watchers.delete(changed);
    },
    acquire: (signal) => shared.line.acquire(signal),
    [Symbol.asyncDispose]: async () => {
      for (const changed of own) shared.watchers.delete(changed);
    },
  };
}
