import type { Effect } from './effects.js';
import type { JournalView } from './journal-view.js';
import type { Replica, ReplicaRole, Standing } from './replica.js';

/** One event's handling: what may be looked at, and where the effects gather. */
export interface Turn {
  readonly nowMs: number;
  readonly journal: JournalView;
  readonly effects: Effect[];
}

export function withStanding({ settings, role }: Replica, standing: Standing): Replica {
  return { settings, standing, role };
}

export function withRole({ settings, standing }: Replica, role: ReplicaRole): Replica {
  return { settings, standing, role };
}
