import { type ChainFault, faultOf, type Link } from './chain.js';

/** How far a live timeline has come (C2): where its next stream begins, and what the next entry has to follow. */
export interface Progress<Cursor> {
  /** After everything received; undefined: nothing was, and the beginning is free. */
  readonly cursor: Cursor | undefined;
  readonly lastSeq: number | undefined;
  /** Of the last entry itself, or of the beginning: what is missing comes after it, whatever was said of later places. */
  readonly entryCursor: Cursor | undefined;
  /** It was gone back to already, and nothing has come since. */
  readonly wentBack: boolean;
}

export function progressFrom<Cursor>(cursor: Cursor | undefined): Progress<Cursor> {
  return { cursor, lastSeq: undefined, entryCursor: cursor, wentBack: false };
}

export type Taken<Cursor> =
  | { readonly kind: 'taken'; readonly progress: Progress<Cursor> }
  | { readonly kind: 'fault'; readonly fault: ChainFault };

/** An entry that is not the next one is never taken. */
export function take<Cursor>({ lastSeq }: Progress<Cursor>, link: Link, cursor: Cursor): Taken<Cursor> {
  const fault = faultOf(link, lastSeq);
  if (fault !== undefined) return { kind: 'fault', fault };
  return { kind: 'taken', progress: { cursor, lastSeq: link.seq, entryCursor: cursor, wentBack: false } };
}

/**
 * Where to read again when `fault` was found; undefined: it is the end of the timeline. What a stream left out another one has, if it exists
 * at all, so what is missing is worth one more look; what comes twice or out of order is not.
 */
export function goBack<Cursor>(progress: Progress<Cursor>, fault: ChainFault): Progress<Cursor> | undefined {
  if (fault !== 'missing' || progress.wentBack) return undefined;
  return { ...progress, cursor: progress.entryCursor, wentBack: true };
}

/** The master says that there is nothing up to `cursor` that was not sent. */
export function advance<Cursor>(progress: Progress<Cursor>, cursor: Cursor): Progress<Cursor> {
  return { ...progress, cursor };
}

/** A stream that broke sooner than this is tried again with growing pauses. */
const steadyMs = 1_000;

/** C5: how often in vain, when a stream has ended that lived for so long after its first word; undefined: it said nothing. */
export function retriesAfter(
  retries: number,
  { moved, livedMs }: { readonly moved: boolean; readonly livedMs: number | undefined },
): number {
  return moved || (livedMs !== undefined && livedMs > steadyMs) ? 0 : retries;
}
