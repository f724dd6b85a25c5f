/** C2, proved by the reader itself: every entry names the one before it. */

export interface Link {
  readonly seq: number;
  /** `seq` of the entry before it in this timeline, 0 for none. */
  readonly prevSeq: number;
}

export type ChainFault = 'missing' | 'repeated' | 'disordered';

/**
 * What is wrong with `link` after an entry of `lastSeq`; undefined: nothing. Without `lastSeq` any beginning is right.
 * A `prevSeq` before `lastSeq` is right, too: whom one unfollows takes their posts out of the timeline.
 */
export function faultOf(link: Link, lastSeq: number | undefined): ChainFault | undefined {
  if (link.prevSeq >= link.seq) return 'disordered';
  if (lastSeq === undefined) return undefined;
  if (link.seq === lastSeq) return 'repeated';
  if (link.seq < lastSeq) return 'disordered';
  return link.prevSeq > lastSeq ? 'missing' : undefined;
}
