/** One post, as it was committed. */
export interface Post {
  readonly postId: string;
  readonly author: string;
  readonly text: string;
  /** The master's wall clock, in milliseconds since 1970; never earlier than the post before it. For people only. */
  readonly postedAtMs: number;
  /** Its place in the one order that is the same for everyone. */
  readonly seq: number;
}

/** A post of a timeline, with the place to go on from. */
export interface Entry {
  readonly post: Post;
  /** Opaque: what comes after this entry. */
  readonly cursor: string;
}
