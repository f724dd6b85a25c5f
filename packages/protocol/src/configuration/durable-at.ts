import type { RouterState } from './state.js';

/**
 * A change of the available master has just become durable: the time that the write took belongs to the failover.
 * The corrected event is kept with the next write.
 */
export function durableAt(state: RouterState, epoch: number, writeMs: number): RouterState {
  const events = state.durable.events.map((event) =>
    event.epoch === epoch && isChange(event.kind) ? { ...event, tookMs: event.tookMs + writeMs } : event,
  );
  return { ...state, durable: { ...state.durable, events } };
}

function isChange(kind: string): boolean {
  return kind === 'failover' || kind === 'switchover';
}
