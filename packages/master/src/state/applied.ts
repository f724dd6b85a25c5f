import type { Outcome } from './outcome.js';

/** What an entry of the journal did to the state. */
export interface Applied {
  readonly seq: number;
  readonly epoch: number;
  /** Of the command; undefined when the entry has none, or none that can be read. */
  readonly id: string | undefined;
  readonly outcome: Outcome;
  /** Only when something changed: what open timelines need. */
  readonly change?: Change;
}

export type Change = NewPost | Followed | Unfollowed | SessionBegun | SessionEnded;

export interface NewPost {
  readonly kind: 'post';
  readonly author: string;
  /** The encoded everline.sns.v1.Post. */
  readonly bytes: Uint8Array;
  /** Of the author's post before it; 0 for none. */
  readonly afterSeq: number;
}

export interface Followed {
  readonly kind: 'follow';
  readonly username: string;
  readonly followee: string;
}

export interface Unfollowed {
  readonly kind: 'unfollow';
  readonly username: string;
  readonly followee: string;
}

export interface SessionBegun {
  readonly kind: 'session-begun';
  readonly username: string;
  readonly sessionId: string;
}

export interface SessionEnded {
  readonly kind: 'session-ended';
  readonly username: string;
  readonly sessionId: string;
}
