import type { Command } from '@everline/contracts';
import { readPost } from './command.js';
import { decideEndSession } from './commands/end-session.js';
import { decideFollow } from './commands/follow.js';
import { decideLogin } from './commands/login.js';
import { decidePost } from './commands/post.js';
import { decideUnfollow } from './commands/unfollow.js';
import type { Decision } from './decision.js';
import type { Draft } from './draft.js';
import type { Look } from './look.js';

/** What a new command comes to. Throws on one that makes no sense: it is set aside. */
export function decide(draft: Draft, { command }: Command, seq: number, look: Look): Decision {
  switch (draft.kind) {
    case 'post': {
      if (command?.$case !== 'post') throw new Error('a post has the bytes of one');
      const fields = readPost(command.value);
      if (fields.postId !== draft.id || fields.seq !== seq)
        throw new Error('the post is of another id or place');
      return decidePost(fields, command.value, look);
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
