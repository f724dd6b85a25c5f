// What a reader has missed, oldest first: a merge of the authors' streams in bounded steps, so that no reader holds up the others.
import type { Followee, StoredPost, View } from './view.js';

interface Stream {
  readonly username: string;
  /** Everything up to and with this was read. */
  readSeq: number;
  posts: readonly StoredPost[];
  at: number;
  exhausted: boolean;
}

/** One reader's way through the past. It sees what is applied while it goes, so at its end nothing is missing. */
export class Backlog {
  readonly #view: View;
  readonly #streams: Stream[];
  readonly #atATime: number;

  constructor(view: View, sources: readonly Followee[], afterSeq: number) {
    this.#view = view;
    this.#atATime = Math.min(Math.max(Math.floor(mostHeld / sources.length), leastStep), mostStep);
    this.#streams = sources.map(({ username, sinceSeq }) => ({
      username,
      readSeq: Math.max(afterSeq, sinceSeq),
      posts: [],
      at: 0,
      exhausted: false,
    }));
  }

  /** At most `most` posts and about `mostBytes`, in order; fewer only when that is all there is now. */
  take(most: number, mostBytes: number): StoredPost[] {
    const heads = this.#heads();
    const taken: StoredPost[] = [];
    let bytes = 0;
    while (taken.length < most && bytes < mostBytes) {
      const stream = heads.pop();
      const post = stream?.posts[stream.at];
      if (stream === undefined || post === undefined) break;
      taken.push(post);
      bytes += post.bytes.length;
      stream.at++;
      if (this.#head(stream) !== undefined) insert(heads, stream);
    }
    return taken;
  }

  /** The streams that have a next post, the one with the oldest last. */
  #heads(): Stream[] {
    for (const stream of this.#streams) stream.exhausted = false;
    const heads = this.#streams.filter((stream) => this.#head(stream) !== undefined);
    return heads.sort((a, b) => headSeq(b) - headSeq(a));
  }

  #head(stream: Stream): StoredPost | undefined {
    if (stream.at >= stream.posts.length && !stream.exhausted) {
      if (this.#view.newestSeq(stream.username) > stream.readSeq) {
        stream.posts = this.#view.postsAfter(stream.username, stream.readSeq, this.#atATime);
        stream.at = 0;
        stream.readSeq = stream.posts.at(-1)?.seq ?? stream.readSeq;
      }
      stream.exhausted = stream.at >= stream.posts.length;
    }
    return stream.posts[stream.at];
  }
}

function headSeq(stream: Stream): number {
  return stream.posts[stream.at]?.seq ?? 0;
}

function insert(heads: Stream[], stream: Stream): void {
  const seq = headSeq(stream);
  let low = 0;
  let high = heads.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    const other = heads[middle];
    if (other !== undefined && headSeq(other) > seq) low = middle + 1;
    else high = middle;
  }
  heads.splice(low, 0, stream);
}

/** Posts that a reader holds, of all authors together, and how many are read of one at a time. */
const mostHeld = 2_048;
const leastStep = 4;
const mostStep = 256;
