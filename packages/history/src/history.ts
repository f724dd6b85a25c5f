/** What clients saw, with monotonic times of one clock: the input of the history check. */

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
  /** Of an acknowledged one: its place, and who said so, in which epoch if the answer tells it. */
  readonly seq?: number;
  readonly copies?: number;
  readonly address?: string;
  readonly epoch?: number;
  readonly tries: number;
}

/** A follow or an unfollow. */
export interface ChangeRecord {
  readonly kind: 'follow' | 'unfollow';
  readonly reader: string;
  readonly author: string;
  readonly begunMs: number;
  /** Infinity for an unknown outcome. */
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

/** Who was told to be available. */
export interface ReignRecord {
  readonly epoch: number;
  readonly address: string;
}

/** The hash of a master's state after `seq`. */
export interface StateRecord {
  readonly masterId: string;
  readonly seq: number;
  readonly hash: string;
}

/** A master's journal as it lies on disk at the end; digests of equal commands are equal. */
export interface JournalRecord {
  readonly masterId: string;
  /** What lies behind it may differ. */
  readonly committedSeq: number;
  /** Dense; the beginning may have been trimmed. */
  readonly entries: readonly { readonly seq: number; readonly epoch: number; readonly digest: string }[];
}

export interface History {
  readonly posts: readonly PostRecord[];
  readonly changes: readonly ChangeRecord[];
  readonly streams: readonly StreamRecord[];
  readonly pages: readonly PageRecord[];
  readonly order: readonly OrderedPost[];
  /** As the router told of them, in the order of the telling. */
  readonly reigns: readonly ReignRecord[];
  /** Epochs of the cluster's events that changed the available master, oldest first. */
  readonly eventEpochs: readonly number[];
  readonly states: readonly StateRecord[];
  /** Of in-sync masters, where they can be had. */
  readonly journals: readonly JournalRecord[];
}

export type Rule =
  | 'acknowledged is kept'
  | 'as it was sent'
  | 'epochs grow'
  | 'equal journals'
  | 'equal states'
  | 'exactly once'
  | 'no gap'
  | 'nothing from nowhere'
  | 'nothing twice'
  | 'one master an epoch'
  | 'one order'
  | 'only what is kept'
  | 'only whom one follows'
  | 'reads never lie'
  | 'real-time order'
  | 'refused leaves no trace'
  | 'true chain';

/** A broken promise, and what proves it. */
export interface Finding {
  readonly rule: Rule;
  readonly what: string;
  readonly evidence: readonly unknown[];
}
