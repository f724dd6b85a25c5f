import type { Refused } from '../errors.js';
import type { Post } from '../post.js';

/** A post to be made by `posts`: its text, or its text with an id that was kept from an earlier run. */
export type PostDraft = string | { readonly text: string; readonly postId?: string };

/** What became of one of `posts`, in their order. A refused one (its text is too long, say) does not stop those after it. */
export type PostOutcome =
  | { readonly kind: 'posted'; readonly post: Post; readonly copies: number }
  | { readonly kind: 'refused'; readonly postId: string; readonly text: string; readonly error: Refused };
