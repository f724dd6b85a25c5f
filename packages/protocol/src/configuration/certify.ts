// Keeps M10 on the router's side: an epoch counts as ended only on the word of a watchdog that reaped its master, or of that
// master itself. Told to every master as `ended_epochs`, so that a successor need not wait out the read lease.
import type { Reign, RouterState } from './state.js';

/** The certificate finds its epoch also when it comes late and another reign has begun. */
export function certify(
  state: RouterState,
  found: (reign: Reign) => boolean,
  ended: NonNullable<Reign['ended']>,
): RouterState {
  if (!state.durable.reigns.some((reign) => reign.ended === undefined && found(reign))) return state;
  const reigns = state.durable.reigns.map((reign) =>
    reign.ended === undefined && found(reign) ? { ...reign, ended } : reign,
  );
  return { ...state, durable: { ...state.durable, reigns } };
}

/** Those of the dead among them: who resigned lives, and stands by. */
export function reapedEpochs(state: RouterState): readonly number[] {
  return state.durable.reigns.filter((reign) => reign.ended === 'reaped').map((reign) => reign.epoch);
}

/** Newest last. */
export function endedEpochs(state: RouterState): readonly number[] {
  return state.durable.reigns.filter((reign) => reign.ended !== undefined).map((reign) => reign.epoch);
}
