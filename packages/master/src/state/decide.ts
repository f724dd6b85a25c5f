import type { Command, PlacedDraft } from './command.js';
import { decideEndSession } from './commands/end-session.js';
import { decideFollow } from './commands/follow.js';
import { decideLogin } from './commands/login.js';
import { decidePost } from './commands/post.js';
import { decideUnfollow } from './commands/unfollow.js';
import type { Decision } from './decision.js';
import type { Look } from './look.js';

/** What a new command comes to. Throws on one that makes no sense: it is set aside. */
export function decide(draft: PlacedDraft, { id, body }: Command, seq: number, look: Look): Decision {
  switch (draft.kind) {
    case 'post':
      if (draft.postId !== draft.id || draft.seq !== seq)
        throw new Error('the post is of another id or place');
      return decidePost(draft, id, body, look);
    case 'login':
      return decideLogin(draft, seq, look);
    case 'follow':
      return decideFollow(draft, seq, look);
    case 'unfollow':
      return decideUnfollow(draft, look);
    case 'end-session':
      return decideEndSession(draft, look);
  }
}
