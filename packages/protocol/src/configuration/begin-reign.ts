// The one place where the epoch grows and where the available master is named.
// R1 Version and epoch only grow.
// R4 The in-sync set stays as it is, unless a person (R10) or the forming or recovery of a cluster sets it anew.
import type { Configuration } from './configuration.js';
import { mostReigns } from './limits.js';
import type { RouterState } from './state.js';

export function beginReign(
  state: RouterState,
  configuration: Configuration,
  master: { readonly masterId: string; readonly incarnation: string },
): RouterState {
  const epoch = configuration.epoch + 1;
  const { masterId, incarnation } = master;
  return {
    ...state,
    durable: {
      ...state.durable,
      configuration: { ...configuration, version: configuration.version + 1, epoch, availableId: masterId },
      reigns: [...state.durable.reigns, { epoch, masterId, incarnation }].slice(-mostReigns),
    },
    firstSignMs: undefined,
    switchover: undefined,
  };
}
