import { type Decision, decline, unknownUser } from '../decision.js';
import type { FollowDraft } from '../draft.js';
import { numberKey, pairKey, placeKey, seqKey } from '../keys.js';
import type { Look } from '../look.js';

/** What the followee posts from here on is in the follower's timeline. */
export function decideFollow({ username, followee }: FollowDraft, seq: number, look: Look): Decision {
  const follower = look.users.named(username);
  if (follower === undefined) return unknownUser(username);
  if (followee === username) return decline('FOLLOW_ONESELF');
  const followed = look.users.named(followee);
  if (followed === undefined) return unknownUser(followee);
  if (look.followSeq(follower.number, followed.number) !== undefined) {
    return decline('ALREADY_FOLLOWED', `${followee} is followed already`);
  }
  return {
    outcome: { kind: 'done' },
    writes: [
      {
        table: 'following',
        key: pairKey(follower.number, followed.number),
        old: undefined,
        value: seqKey(seq),
      },
      {
        table: 'followers',
        key: placeKey(followed.number, seq),
        old: undefined,
        value: numberKey(follower.number),
      },
    ],
    change: { kind: 'follow', username, followee },
  };
}
