// A page of a timeline, newest first: a merge of the authors' streams. No timeline is stored; a page costs what it shows, not what there is.
import type { Followee, StoredPost, View } from './view.js';

export interface PageEntry extends StoredPost {
  /** The seq of the entry before it in this timeline; 0 for none. */
  readonly prevSeq: number;
}

export interface Page {
  /** Newest first. */
  readonly entries: readonly PageEntry[];
  /** There are older ones. */
  readonly more: boolean;
}

/** @param beforeSeq all entries have a smaller seq */
export function pageOf(view: View, sources: readonly Followee[], beforeSeq: number, size: number): Page {
  const posts = newest(view, sources, beforeSeq, size + 1);
  const entries = posts.slice(0, size).map((post, i) => ({ ...post, prevSeq: posts[i + 1]?.seq ?? 0 }));
  return { entries, more: posts.length > size };
}

/** An author's stream, from its newest post down. Until it is looked into, only an upper bound of its next seq is known. */
interface Stream {
  readonly source: Followee;
  boundSeq: number;
  read: readonly StoredPost[];
  at: number;
}

/** Of most authors not one post is read: their newest one is older than the whole page. */
function newest(view: View, sources: readonly Followee[], beforeSeq: number, most: number): StoredPost[] {
  const streams = sources.flatMap((source) => {
    const boundSeq = Math.min(view.newestSeq(source.username), beforeSeq - 1);
    return boundSeq > source.sinceSeq ? [{ source, boundSeq, read: [], at: 0 } as Stream] : [];
  });
  streams.sort((a, b) => a.boundSeq - b.boundSeq);
  const found: StoredPost[] = [];
  while (found.length < most) {
    const stream = streams.pop();
    if (stream === undefined) break;
    const post = next(view, stream, most - found.length);
    if (post !== undefined) {
      if (post.seq === stream.boundSeq) {
        found.push(post);
        stream.at++;
        stream.boundSeq = stream.read[stream.at]?.seq ?? post.seq - 1;
      } else stream.boundSeq = post.seq;
      if (stream.boundSeq > stream.source.sinceSeq) insert(streams, stream);
    }
  }
  return found;
}

function next(view: View, stream: Stream, most: number): StoredPost | undefined {
  if (stream.at >= stream.read.length) {
    stream.read = view.postsBefore(stream.source.username, stream.boundSeq + 1, Math.min(most, pageStep));
    stream.at = 0;
  }
  const post = stream.read[stream.at];
  return post !== undefined && post.seq > stream.source.sinceSeq ? post : undefined;
}

/** Keeps the streams in order of their bounds, the newest last. */
function insert(streams: Stream[], stream: Stream): void {
  let low = 0;
  let high = streams.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((streams[middle]?.boundSeq ?? 0) < stream.boundSeq) low = middle + 1;
    else high = middle;
  }
  streams.splice(low, 0, stream);
}

/** Posts read of an author at a time. */
const pageStep = 8;
