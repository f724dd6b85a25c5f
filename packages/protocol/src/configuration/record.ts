import type { Instant } from './instant.js';
import { mostEvents } from './limits.js';
import type { ClusterEvent, RouterState } from './state.js';

/** Writes an event into the cluster's history, newest first. The oldest beyond the bound is forgotten. */
export function record(
  state: RouterState,
  event: Omit<ClusterEvent, 'atWallMs' | 'epoch' | 'tookMs'> & { readonly tookMs?: number },
  at: Instant,
): RouterState {
  const epoch = state.durable.configuration?.epoch ?? 0;
  const events = [{ tookMs: 0, ...event, epoch, atWallMs: at.wallMs }, ...state.durable.events];
  return { ...state, durable: { ...state.durable, events: events.slice(0, mostEvents) } };
}
