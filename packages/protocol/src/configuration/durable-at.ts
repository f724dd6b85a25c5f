import type { RouterState } from './state.js';

/**
 * `after` has just become durable: if another epoch began with it, the time that the write took belongs to the failover.
 * The corrected event is kept with the next write.
 */
export function durableAt(before: RouterState, after: RouterState, writeMs: number): RouterState {
  const epoch = after.durable.configuration?.epoch;
  if (before.durable.configuration?.epoch === epoch) return after;
  const events = after.durable.events.map((event) =>
    event.epoch === epoch && (event.kind === 'failover' || event.kind === 'switchover')
      ? { ...event, tookMs: event.tookMs + writeMs }
      : event,
  );
  return { ...after, durable: { ...after.durable, events } };
}
