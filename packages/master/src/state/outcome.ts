import type { Reason } from '@everline/contracts';

/** What became of a command. Every retry of it gets the same one (M15). */
export type Outcome = Posted | LoggedIn | Done | Refused;

export interface Posted {
  readonly kind: 'post';
  /** An encoded everline.sns.v1.Post, as it was committed. */
  readonly post: Uint8Array;
}

export interface LoggedIn {
  readonly kind: 'login';
  /** This login made the user. */
  readonly created: boolean;
}

export interface Done {
  readonly kind: 'done';
}

export interface Refused {
  readonly kind: 'refused';
  readonly reason: Reason;
  /** For people. */
  readonly text: string;
}
