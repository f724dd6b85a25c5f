/** The messages of proto/ as the suite reads and writes them: names in camelCase, uint64 as number, enums by name. */

export interface Timestamp {
  readonly seconds: number;
  readonly nanos: number;
}

export interface Post {
  readonly postId: string;
  readonly author: string;
  readonly text: string;
  readonly postedAt: Timestamp;
  readonly seq: number;
}

export interface TimelineEntry {
  readonly post: Post;
  readonly cursor: string;
  readonly prevSeq: number;
}

export interface Login {
  readonly username: string;
  readonly exclusive?: boolean;
  readonly sessionId?: string;
  readonly requestId?: string;
}

export interface Change {
  readonly username: string;
  readonly followee: string;
  readonly requestId?: string;
}

export interface NewPost {
  readonly postId: string;
  readonly text: string;
}

export interface OpenTimeline {
  readonly username: string;
  readonly after?: string;
  readonly recent?: number;
  readonly includeOwn?: boolean;
  readonly sessionId?: string;
}

export interface TimelineResponse {
  readonly entries?: { readonly entries: readonly TimelineEntry[] };
  readonly posted?: {
    readonly postId: string;
    readonly post?: Post;
    readonly refusal?: { readonly code: number; readonly reason: string; readonly message: string };
    readonly copies: number;
  };
  readonly caughtUp?: { readonly cursor: string };
  readonly heartbeat?: { readonly cursor: string };
  readonly moved?: { readonly address: string; readonly epoch: number };
}

export interface Available {
  readonly address: string;
  readonly masterId: string;
  readonly epoch: number;
  readonly clusterId?: string;
}

export interface MasterStatus {
  readonly masterId: string;
  readonly address: string;
  readonly role: string;
  readonly inSync: boolean;
  readonly alive: boolean;
  readonly lastSeq: number;
  readonly committedSeq: number;
  readonly aliveSince?: Timestamp;
  readonly stateHash: string;
  readonly stateHashSeq: number;
}

export interface ClusterEvent {
  readonly epoch: number;
  readonly what: string;
  readonly kind: string;
  readonly masterId: string;
  readonly tookMs: number;
}

export interface Cluster {
  readonly clusterId: string;
  readonly epoch: number;
  readonly version: number;
  readonly history: number;
  readonly liveCopies: number;
  readonly minInSync: number;
  readonly masters: readonly MasterStatus[];
  /** Newest first. */
  readonly events: readonly ClusterEvent[];
}

/** What each unary call takes and gives. */
export interface Calls {
  'everline.sns.v1.SnsService/Login': [Login, { sessionId: string; created: boolean; token: string }];
  'everline.sns.v1.SnsService/Logout': [{ username: string; sessionId: string }, object];
  'everline.sns.v1.SnsService/List': [
    { username: string; pageSize?: number; pageToken?: string },
    {
      allUsers: readonly string[];
      followers: readonly string[];
      following: readonly string[];
      nextPageToken: string;
    },
  ];
  'everline.sns.v1.SnsService/Follow': [Change, object];
  'everline.sns.v1.SnsService/Unfollow': [Change, object];
  'everline.sns.v1.SnsService/Post': [
    { username: string; postId: string; text: string },
    { post: Post; copies: number },
  ];
  'everline.sns.v1.SnsService/ReadTimeline': [
    { username: string; pageSize?: number; before?: string; includeOwn?: boolean },
    { entries: readonly TimelineEntry[]; nextBefore: string },
  ];
  'everline.router.v1.RouterService/GetAvailable': [object, Available];
  'everline.router.v1.RouterService/DescribeCluster': [object, Cluster];
  'everline.router.v1.RouterService/Switchover': [{ toMasterId?: string }, Available];
  'everline.router.v1.RouterService/ForceAvailable': [
    { masterId: string; acceptDataLoss?: boolean },
    { configuration: object },
  ];
  'csce438.SNSService/Login': [Csce438Request, Csce438Reply];
  'csce438.SNSService/Follow': [Csce438Request, Csce438Reply];
  'csce438.SNSService/UnFollow': [Csce438Request, Csce438Reply];
  'csce438.SNSService/List': [Csce438Request, { allUsers: readonly string[]; followers: readonly string[] }];
  'csce438.SNSService/GetFollowerInfo': [Csce438Request, { users: Readonly<Record<string, string>> }];
}

export interface Csce438Request {
  readonly username: string;
  readonly arguments?: readonly string[];
}

export interface Csce438Reply {
  readonly msg: string;
}

export interface Csce438Message {
  readonly username: string;
  readonly msg: string;
  readonly timestamp?: Timestamp;
}

/** Streams: what goes up and what comes down. */
export interface Streams {
  'everline.sns.v1.SnsService/Timeline': [{ open?: OpenTimeline; post?: NewPost }, TimelineResponse];
  'everline.router.v1.RouterService/WatchAvailable': [object, Available];
  'csce438.SNSService/Timeline': [Csce438Message, Csce438Message];
}
