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
  /** How many posts are read of it at the next look. */
  step: number;
}

/** Of most authors not one post is read: their newest one is older than the whole page. */
function newest(view: View, sources: readonly Followee[], beforeSeq: number, most: number): StoredPost[] {
  const streams = candidates(view, sources, beforeSeq, most);
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

/** In order of their bounds, the newest last. Of those with no post at or after `beforeSeq` the newest `most` will do: each has one to show. */
function candidates(view: View, sources: readonly Followee[], beforeSeq: number, most: number): Stream[] {
  const whole: Stream[] = [];
  const cut: Stream[] = [];
  for (const source of sources) {
    const newestSeq = view.newestSeq(source.username);
    if (Math.min(newestSeq, beforeSeq - 1) <= source.sinceSeq) continue;
    if (newestSeq >= beforeSeq) cut.push(streamOf(source, beforeSeq - 1));
    else {
      if (whole.length >= most) {
        if (newestSeq < (whole[0]?.boundSeq ?? 0)) continue;
        whole.shift();
      }
      insert(whole, streamOf(source, newestSeq));
    }
  }
  return cut.length === 0 ? whole : [...whole, ...cut];
}

function streamOf(source: Followee, boundSeq: number): Stream {
  return { source, boundSeq, read: [], at: 0, step: firstStep };
}

function next(view: View, stream: Stream, most: number): StoredPost | undefined {
  if (stream.at >= stream.read.length) {
    stream.read = view.postsBefore(stream.source.username, stream.boundSeq + 1, Math.min(most, stream.step));
    stream.at = 0;
    stream.step = laterStep;
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

/** Most authors have one post in a page; with a second one it is known where they go on. */
const firstStep = 2;
const laterStep = 8;
