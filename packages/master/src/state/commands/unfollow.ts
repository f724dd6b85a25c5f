import { type Decision, decline, unknownUser } from '../decision.js';
import type { UnfollowDraft } from '../draft.js';
import { numberKey, pairKey, placeKey, seqKey } from '../keys.js';
import type { Look } from '../look.js';

export function decideUnfollow({ username, followee }: UnfollowDraft, look: Look): Decision {
  const follower = look.users.named(username);
  if (follower === undefined) return unknownUser(username);
  if (followee === username) return decline('UNFOLLOW_ONESELF');
  const followed = look.users.named(followee);
  if (followed === undefined) return unknownUser(followee);
  const sinceSeq = look.followSeq(follower.number, followed.number);
  if (sinceSeq === undefined) return decline('NOT_FOLLOWED', `${followee} is not followed`);
  const pair = pairKey(follower.number, followed.number);
  const place = placeKey(followed.number, sinceSeq);
  return {
    outcome: { kind: 'done' },
    writes: [
      { table: 'following', key: pair, old: seqKey(sinceSeq), value: undefined },
      { table: 'followers', key: place, old: numberKey(follower.number), value: undefined },
    ],
    change: { kind: 'unfollow', username, followee },
  };
}
