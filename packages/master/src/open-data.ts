import type { Clock, Log, Random } from '@everline/chassis';
import { hopeless } from './errors.js';
import type { Settings } from './settings.js';
import { DamagedStore, NewerFormat } from './store/errors.js';
import { openStore, resetStore } from './store/open-store.js';
import type { Store } from './store/store.js';

/** The data directory as it is, or, with --reset-from-peers, an empty one. @throws ExitWith 78 when it cannot be used */
export async function openData(
  settings: Settings,
  { clock, random, log }: { readonly clock: Clock; readonly random: Random; readonly log: Log },
): Promise<Store> {
  if (settings.resetFromPeers) {
    const aside = await resetStore(settings.data);
    if (aside !== undefined)
      log.warn({ aside }, 'what was in the data directory is kept aside; everything is fetched anew');
  }
  try {
    return await openStore(settings.data, { clock, random, log });
  } catch (error) {
    if (error instanceof DamagedStore || error instanceof NewerFormat) throw hopeless(error.message, error);
    throw error;
  }
}
