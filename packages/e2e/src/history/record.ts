/** What clients saw, with monotonic times of this one process: the input of the history check. */

export type Outcome = 'acknowledged' | 'refused' | 'unknown';

/** One post, whatever number of tries it took; each try carried the same id. */
export interface PostRecord {
  readonly id: string;
  readonly author: string;
  readonly text: string;
  readonly begunMs: number;
  /** When the last answer came; Infinity for an unknown outcome: it may still happen. */
  readonly endedMs: number;
  readonly outcome: Outcome;
  /** Of an acknowledged one: its place, and who said so. */
  readonly seq?: number;
  readonly copies?: number;
  readonly address?: string;
  readonly tries: number;
}

/** A follow or an unfollow. */
export interface ChangeRecord {
  readonly kind: 'follow' | 'unfollow';
  readonly reader: string;
  readonly author: string;
  readonly begunMs: number;
  readonly endedMs: number;
  readonly outcome: Outcome;
}

export interface TakenEntry {
  readonly id: string;
  readonly author: string;
  readonly text: string;
  readonly seq: number;
  readonly prevSeq: number;
  readonly takenMs: number;
}

/** Everything one live timeline brought, over however many streams it was resumed. */
export interface StreamRecord {
  readonly reader: string;
  readonly includeOwn: boolean;
  readonly entries: readonly TakenEntry[];
  /** Everything behind this place had to come; undefined: from the first entry on. */
  readonly afterSeq?: number;
  /** Everything up to this place had to come; undefined: up to the last entry. */
  readonly untilSeq?: number;
  readonly endedMs: number;
}

/** One page, newest first. */
export interface PageRecord {
  readonly reader: string;
  readonly includeOwn: boolean;
  readonly begunMs: number;
  readonly endedMs: number;
  readonly entries: readonly { readonly id: string; readonly seq: number }[];
  /** There were no older posts. */
  readonly whole: boolean;
}

/** A post where a fresh client finds it at the end: all of them, in the one order. */
export interface OrderedPost {
  readonly id: string;
  readonly author: string;
  readonly text: string;
  readonly seq: number;
}

export interface ReignRecord {
  readonly epoch: number;
  readonly address: string;
}

export interface StateRecord {
  readonly masterId: string;
  readonly seq: number;
  readonly hash: string;
}

export interface History {
  readonly posts: readonly PostRecord[];
  readonly changes: readonly ChangeRecord[];
  readonly streams: readonly StreamRecord[];
  readonly pages: readonly PageRecord[];
  readonly order: readonly OrderedPost[];
  /** As WatchAvailable told of them, in the order of the telling. */
  readonly reigns: readonly ReignRecord[];
  /** Epochs of the cluster's events that changed the available master, oldest first. */
  readonly eventEpochs: readonly number[];
  readonly states: readonly StateRecord[];
}

/** A broken promise, and what proves it. */
export interface Finding {
  readonly rule: string;
  readonly what: string;
  readonly evidence: readonly unknown[];
}
