import type { Reason } from '@everline/contracts';
import { REASONS } from '@everline/contracts';
import type { Write } from '../store/records/records.js';
import type { Change } from './applied.js';
import type { Outcome, Refused } from './outcome.js';

/** What a command comes to: decided by looking, carried out by whoever asked. */
export interface Decision {
  readonly outcome: Outcome;
  readonly writes: readonly Write[];
  readonly change?: Change;
  /** The first login of this user. */
  readonly entered?: string;
  /** The answer is kept by the command's own record: a post. */
  readonly answered?: true;
}

export function refused(reason: Reason, text: string = REASONS[reason].text): Refused {
  return { kind: 'refused', reason, text };
}

export function decline(reason: Reason, text?: string): Decision {
  return { outcome: refused(reason, text), writes: [] };
}

export function unknownUser(username: string): Decision {
  return decline('USER_UNKNOWN', `there is no user ${username}`);
}
