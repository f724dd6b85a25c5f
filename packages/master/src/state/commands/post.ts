import { type Decision, unknownUser } from '../decision.js';
import { placeKey } from '../keys.js';
import type { Look } from '../look.js';
import type { PostFields } from '../post.js';
import { memberOf } from '../user.js';

/**
 * @param id of the post, 16 bytes
 * @param bytes the encoded post: kept as it is
 */
export function decidePost(post: PostFields, id: Buffer, bytes: Uint8Array, look: Look): Decision {
  const author = look.users.named(post.author);
  if (author === undefined) return unknownUser(post.author);
  const place = placeKey(author.number, post.seq);
  return {
    outcome: { kind: 'post', post: bytes },
    answered: true,
    writes: [
      { table: 'posts', key: place, old: undefined, value: bytes },
      { table: 'places', key: id, old: undefined, value: place },
      {
        table: 'members',
        key: place.subarray(0, 4),
        old: memberOf(author),
        value: memberOf({ ...author, headSeq: post.seq }),
      },
    ],
    change: { kind: 'post', author: author.username, bytes, afterSeq: author.headSeq },
  };
}
