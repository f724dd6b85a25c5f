import type { Command } from './command.js';
import { decideEndSession } from './commands/end-session.js';
import { decideFollow } from './commands/follow.js';
import { decideLogin } from './commands/login.js';
import { decidePost } from './commands/post.js';
import { decideUnfollow } from './commands/unfollow.js';
import type { Decision } from './decision.js';
import type { Draft } from './draft.js';
import type { Look } from './look.js';
import { readPost } from './post.js';

/** What a new command comes to. Throws on one that makes no sense: it is set aside. */
export function decide(draft: Draft, { body }: Command, seq: number, look: Look): Decision {
  switch (draft.kind) {
    case 'post': {
      const fields = readPost(body);
      if (fields.postId !== draft.id || fields.seq !== seq)
        throw new Error('the post is of another id or place');
      return decidePost(fields, body, look);
    }
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
