import type { Store } from '../store/store.js';

/** The store as far as journal and role are concerned: all but what clients look at. */
export type JournalStore = Omit<Store, 'view'>;
