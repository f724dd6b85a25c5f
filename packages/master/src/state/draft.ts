/** What somebody wants done, before it has a place in the journal. `id` is a UUID in lower case; names are in lower case (state/limits.ts). */
export type Draft = PostDraft | LoginDraft | FollowDraft | UnfollowDraft | EndSessionDraft;

export interface PostDraft {
  readonly kind: 'post';
  readonly id: string;
  readonly author: string;
  readonly text: string;
}

export interface LoginDraft {
  readonly kind: 'login';
  readonly id: string;
  readonly username: string;
  /** Begins an exclusive session of this name, or is refused while another lives. */
  readonly sessionId?: string;
}

export interface FollowDraft {
  readonly kind: 'follow';
  readonly id: string;
  readonly username: string;
  readonly followee: string;
}

export interface UnfollowDraft {
  readonly kind: 'unfollow';
  readonly id: string;
  readonly username: string;
  readonly followee: string;
}

export interface EndSessionDraft {
  readonly kind: 'end-session';
  readonly id: string;
  readonly username: string;
  readonly sessionId: string;
}

/** M15: the same id with another content is an error. */
export function sameContent(one: Draft, other: Draft): boolean {
  switch (one.kind) {
    case 'post':
      return other.kind === 'post' && one.author === other.author && one.text === other.text;
    case 'login':
      return other.kind === 'login' && one.username === other.username && one.sessionId === other.sessionId;
    case 'end-session':
      return (
        other.kind === 'end-session' && one.username === other.username && one.sessionId === other.sessionId
      );
    default:
      return one.kind === other.kind && one.username === other.username && one.followee === other.followee;
  }
}
