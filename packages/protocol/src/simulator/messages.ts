// What travels between the processes.
import type { Configuration, RouterEvent } from '../configuration/index.js';
import type { Acknowledgement, Append, Hello } from '../replica/index.js';
import type { Entry } from './journal.js';
import type { Post } from './state.js';

/** The first message of a stream says what it is. */
export type Opening = PingMessage | HelloMessage | WatchMessage | FollowTimeline;

/** DualPing, a master's side. */
export interface PingMessage {
  readonly kind: 'ping';
  readonly ping: number;
  readonly pinged: Omit<Extract<RouterEvent, { kind: 'pinged' }>, 'streamId'>;
}

/** DualPing, the router's side. */
export interface Told {
  readonly kind: 'told';
  readonly ping: number;
  readonly epoch: number;
  readonly configuration: Configuration | undefined;
  readonly endedEpochs: readonly number[];
  readonly reapedEpochs: readonly number[];
  readonly resignToMasterId: string;
}

/** Replicate, the standby's side. */
export interface HelloMessage {
  readonly kind: 'hello';
  readonly hello: Hello;
  readonly clusterId: string;
}

export interface Heard {
  readonly kind: 'heard';
  readonly heard: Acknowledgement;
}

/** Replicate, the available master's side. */
export type Shipment =
  | { readonly kind: 'append'; readonly append: Append; readonly entries: readonly Entry[] }
  | { readonly kind: 'snapshot-needed' };

export interface WatchMessage {
  readonly kind: 'watch';
}

export interface Available {
  readonly kind: 'available';
  readonly masterId: string;
  readonly epoch: number;
}

/** Timeline: from after this entry on (C2). */
export interface FollowTimeline {
  readonly kind: 'timeline';
  readonly cursor: Cursor | undefined;
}

export interface Cursor {
  readonly epoch: number;
  readonly seq: number;
}

export type TimelineMessage =
  | { readonly kind: 'post'; readonly post: Post }
  | { readonly kind: 'heartbeat'; readonly cursor: Cursor }
  | { readonly kind: 'caught-up'; readonly cursor: Cursor };

/** What a master answers to a client's call. */
export type Answer =
  | {
      readonly kind: 'done';
      readonly seq: number;
      readonly epoch: number;
      /** Of a read: the newest posts, newest first, and whether there are no others. */
      readonly page: readonly Post[];
      readonly whole: boolean;
    }
  | { readonly kind: 'refused'; readonly masterId: string; readonly epoch: number; readonly reason: string };
