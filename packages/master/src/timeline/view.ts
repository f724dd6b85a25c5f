// What timelines, lists and sessions look up in the state: committed and applied entries only. state/ provides it.

export interface Followee {
  readonly username: string;
  /** The follow's place in the journal: posts before it are not shown. */
  readonly sinceSeq: number;
}

export interface StoredPost {
  readonly seq: number;
  /** The encoded everline.sns.v1.Post. */
  readonly bytes: Uint8Array;
}

export interface User {
  /** In order of first login, from 1. */
  readonly number: number;
  readonly username: string;
}

export interface Session {
  readonly username: string;
  readonly sessionId: string;
}

export interface View {
  hasUser(username: string): boolean;
  /** In order of first login, those with a larger number than `afterNumber`. */
  users(afterNumber: number, most: number): readonly User[];
  /** In order of following. */
  following(username: string): readonly Followee[];
  /** In order of following; those whose follow came after `afterSeq`. */
  followers(username: string, afterSeq: number, most: number): readonly Followee[];
  /** Of the author's newest post; 0 when there is none. */
  newestSeq(author: string): number;
  /** Newest first, all with a smaller seq. */
  postsBefore(author: string, beforeSeq: number, most: number): readonly StoredPost[];
  /** Oldest first, all with a larger seq. */
  postsAfter(author: string, afterSeq: number, most: number): readonly StoredPost[];
  /** The live exclusive sessions, at most one a user. */
  sessions(): readonly Session[];
  sessionOf(username: string): string | undefined;
}
