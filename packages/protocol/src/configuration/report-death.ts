// A watchdog's word that an incarnation is gone: it saw the process end. Certainty (R8), and a certificate (M10) for every
// reign of that incarnation, also one that is over already.
import { certify } from './certify.js';
import type { Instant } from './instant.js';
import { mostDead } from './limits.js';
import { memberOf, withMember } from './members.js';
import type { Outcome } from './refused.js';
import type { RouterState } from './state.js';
import { withFirstSign } from './stream.js';

export interface DeathReported {
  readonly kind: 'death-reported';
  readonly masterId: string;
  readonly incarnation: string;
  /** The exit code, or the signal's name. */
  readonly how: string;
}

export function reportDeath(state: RouterState, event: DeathReported, at: Instant): Outcome {
  const { masterId, incarnation, how } = event;
  if (state.deadIncarnations.includes(incarnation)) return { state };
  const known = { ...state, deadIncarnations: [...state.deadIncarnations, incarnation].slice(-mostDead) };
  const member = memberOf(known, masterId);
  // The death of an older process says nothing of the present one.
  const buried =
    member?.incarnation === incarnation
      ? withFirstSign(
          withMember(known, { ...member, stream: { phase: 'dead', sinceMs: at.nowMs, how } }),
          masterId,
          at,
        )
      : known;
  return {
    state: certify(
      buried,
      (reign) => reign.masterId === masterId && reign.incarnation === incarnation,
      'reaped',
    ),
  };
}
