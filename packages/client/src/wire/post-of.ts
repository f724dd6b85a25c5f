import type { Post as WirePost } from '@everline/contracts';
import type { Post } from '../post.js';
import { wallMsOf } from './wall-ms-of.js';

/** From the wire: 64-bit numbers become numbers here, exact to 2^53. */
export function postOf({ postId, author, text, postedAt, seq }: WirePost): Post {
  return {
    postId,
    author,
    text,
    postedAtMs: postedAt === undefined ? 0 : wallMsOf(postedAt),
    seq: Number(seq),
  };
}
