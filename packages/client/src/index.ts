export type {
  CallOptions,
  Client,
  CommandOptions,
  ConnectOptions,
  ForceOptions,
  Listing,
  LoggedIn,
  LoginOptions,
  Moved,
  Posted,
  PostOptions,
  PostsOptions,
  TimelinePage,
} from './client.js';
export type {
  ClusterEvent,
  ClusterEventKind,
  ClusterStatus,
  MasterRole,
  MasterStatus,
} from './cluster/status.js';
export { connect } from './connect.js';
export {
  Closed,
  Gap,
  type GapEvidence,
  type RefusalReason,
  Refused,
  Unknown,
  Unreachable,
} from './errors.js';
export type { Entry, Post } from './post.js';
export type { PostDraft, PostOutcome } from './posting/outcome.js';
export type { ReadTimelineOptions, Timeline, TimelineEvent, TimelineOptions } from './timeline/event.js';
