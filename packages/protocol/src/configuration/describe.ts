import { isInSync } from './configuration.js';
import { memberOf } from './members.js';
import type { Rules } from './rules.js';
import type { Member, RouterState } from './state.js';
import { available } from './views.js';

export type MasterRole = 'available' | 'standby' | 'catching-up' | 'gone';

export interface MasterStatus {
  readonly masterId: string;
  readonly address: string;
  readonly role: MasterRole;
  readonly inSync: boolean;
  /** Its DualPing stream lives. */
  readonly alive: boolean;
  readonly member: Member | undefined;
}

/** Listed masters in list order, then those that left a short time ago. */
export function describeMasters(rules: Rules, state: RouterState, nowMs: number): readonly MasterStatus[] {
  const { configuration } = state.durable;
  const listings = configuration?.masters ?? [];
  const departed = state.members.filter(
    ({ masterId }) => !listings.some((listing) => listing.masterId === masterId),
  );
  const now = available(rules, state, nowMs);
  const availableId = now.kind === 'available' ? now.masterId : undefined;
  return [...listings, ...departed].map(({ masterId, address }) => {
    const member = memberOf(state, masterId);
    const inSync = configuration !== undefined && isInSync(configuration, masterId);
    const alive = member?.stream.phase === 'open';
    const role = roleOf(masterId === availableId, alive, inSync);
    return { masterId, address, role, inSync, alive, member };
  });
}

function roleOf(isAvailable: boolean, alive: boolean, inSync: boolean): MasterRole {
  if (isAvailable) return 'available';
  if (!alive) return 'gone';
  return inSync ? 'standby' : 'catching-up';
}
