export { DamagedState, NotKept, OutcomeUnknown } from './errors.js';
export { openFileStore } from './file-store.js';
export { openMemoryStore, sharedMemory } from './memory-store.js';
export type { ConfigurationStore, SetResult, Stored, Tenure } from './port.js';
