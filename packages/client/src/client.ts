import type { ClusterStatus } from './cluster/status.js';
import type { Refused } from './errors.js';
import type { Entry, Post } from './post.js';
import type { PostDraft, PostOutcome } from './posting/outcome.js';
import type { ReadTimelineOptions, Timeline, TimelineOptions } from './timeline/event.js';

export interface ConnectOptions {
  /** "host:port", several separated by commas or as an array; at most 8. */
  readonly routers: string | readonly string[];
  /** Who posts, follows and reads; also set by `login`. */
  readonly user?: string;
  /** Of every call as a whole, tries and waits included (C5). Default 10,000. */
  readonly timeoutMs?: number;
  /** Called when calls begin to go to another master than before, not at the first one found. */
  readonly onMoved?: (to: Moved) => void;
  /** Called when an exclusive session has ended without a logout, for example because this process was stopped for too long. */
  readonly onSessionLost?: (why: Refused) => void;
  /** Closes the client. */
  readonly signal?: AbortSignal;
  /** A master whose live stream is silent for longer is given up. Default 500; the cluster's own setting. */
  readonly suspicionMs?: number;
}

export interface Moved {
  readonly address: string;
  readonly epoch: number;
  /** From the first doubt about the master before, or the news of the new one, to the moment calls go there. */
  readonly afterMs: number;
}

export interface CallOptions {
  readonly signal?: AbortSignal;
  /** Instead of the client's. */
  readonly timeoutMs?: number;
}

/** `requestId`: a UUIDv7 kept from an earlier run, whose outcome was unknown. Made here otherwise (C1). */
export interface CommandOptions extends CallOptions {
  readonly requestId?: string;
}

export interface PostOptions extends CallOptions {
  /** A UUID, unique for ever. Made here otherwise. */
  readonly postId?: string;
}

export interface LoginOptions extends CommandOptions {
  /** No other exclusive session of this user may live; it is kept alive until `logout` or `close`. */
  readonly exclusive?: boolean;
  /** The session to go on with after a restart of this process. */
  readonly sessionId?: string;
}

export interface LoggedIn {
  readonly sessionId: string | undefined;
  /** This login made the user. */
  readonly created: boolean;
}

export interface Posted {
  readonly post: Post;
  /** On how many masters' disks it was when it was acknowledged. */
  readonly copies: number;
}

export interface PostsOptions extends CallOptions {
  /** How many posts may be on their way at once. Default 64; 1,024 at most. */
  readonly inFlight?: number;
}

export interface Listing {
  /** In order of first login. */
  readonly allUsers: readonly string[];
  /** Who follows this user, in order of following. */
  readonly followers: readonly string[];
  /** Whom this user follows. */
  readonly following: readonly string[];
}

export interface TimelinePage {
  /** Newest first. */
  readonly entries: readonly Entry[];
  /** For `before` of the next page; undefined when there are no older ones. */
  readonly nextBefore: string | undefined;
}

export interface ForceOptions extends CallOptions {
  /** Acknowledged posts may be lost by this (R10). Refused without it. */
  readonly acceptDataLoss: boolean;
}

/**
 * Every call finds the master by itself, is tried again with the same id over any failover until its deadline (C1, C5), and ends in
 * one of three ways (C4): it resolves; it rejects with `Refused` or `Unreachable`, certainly not done; it rejects with `Unknown`.
 */
export interface Client extends AsyncDisposable {
  readonly user: string | undefined;
  /** Where calls go at present. */
  readonly master: { readonly address: string; readonly epoch: number } | undefined;

  /** Makes the user on a first login. Default: the client's user, who is `name` from here on. */
  login(name?: string, options?: LoginOptions): Promise<LoggedIn>;
  /** Ends the session of `login`, if there is one. */
  logout(options?: CallOptions): Promise<void>;
  post(text: string, options?: PostOptions): Promise<Posted>;
  /**
   * Posts many, in order, each exactly once, several on their way at once; the order holds over failovers.
   * Rejects with `Unknown` or `Unreachable` at the first one whose outcome does not come within the time-out.
   */
  posts(
    drafts: AsyncIterable<PostDraft> | Iterable<PostDraft>,
    options?: PostsOptions,
  ): AsyncIterable<PostOutcome>;
  follow(name: string, options?: CommandOptions): Promise<void>;
  unfollow(name: string, options?: CommandOptions): Promise<void>;
  /** All pages of it. */
  list(options?: CallOptions): Promise<Listing>;
  readTimeline(options?: ReadTimelineOptions): Promise<TimelinePage>;
  timeline(options?: TimelineOptions): Timeline;

  cluster(options?: CallOptions): Promise<ClusterStatus>;
  /** Moves the role on purpose; resolves when the new master serves. Default: to the first in-sync standby. */
  switchover(
    toMasterId?: string,
    options?: CallOptions,
  ): Promise<{ readonly address: string; readonly masterId: string; readonly epoch: number }>;
  forceAvailable(masterId: string, options: ForceOptions): Promise<void>;

  /** Ends streams and sessions, rejects open calls with `Closed`, and leaves no handle open. */
  close(): Promise<void>;
}
