import type { Outcome } from './texts.js';

type GraphCommand = 'follow' | 'unfollow';

/** The contract's reasons in the words of the Tiny SNS client. */
const outcomes: Readonly<Record<GraphCommand, Readonly<Record<string, Outcome>>>> = {
  follow: {
    ALREADY_FOLLOWED: 'already-exists',
    FOLLOW_ONESELF: 'already-exists',
    USER_UNKNOWN: 'invalid-username',
    FIELD_INVALID: 'invalid-username',
  },
  unfollow: {
    USER_UNKNOWN: 'invalid-username',
    NOT_FOLLOWED: 'invalid-username',
    UNFOLLOW_ONESELF: 'invalid-username',
    FIELD_INVALID: 'invalid-username',
  },
};

export function outcomeOf(command: GraphCommand | 'list' | 'post', reason: string): Outcome {
  if (command === 'list' || command === 'post') return 'unknown-reason';
  return (
    (Object.hasOwn(outcomes[command], reason) ? outcomes[command][reason] : undefined) ?? 'unknown-reason'
  );
}
