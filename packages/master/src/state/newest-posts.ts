// The newest posts of authors: nearly every page is made of them, and each author's would take a cursor of the database.
import type { Records } from '../store/records/records.js';
import type { StoredPost } from '../timeline/view.js';
import { afterNumber, numberKey, placeKey, readSeq } from './keys.js';
import type { User } from './user.js';

/** Of one author. */
const mostOfOne = 16;
/** Of all authors together. */
const mostBytes = 2 * 1024 * 1024;
/** Beside a post's own bytes, about. */
const bytesBeside = 200;

interface Kept {
  /** These are the author's newest as long as there is none after it. */
  readonly headSeq: number;
  /** Newest first. */
  readonly posts: readonly StoredPost[];
  /** There are no older ones. */
  readonly all: boolean;
}

/** Looks posts up, and keeps the newest of those who were looked at of late at hand. What it keeps of an author counts until the next post. */
export class NewestPosts {
  readonly #records: Records;
  #kept = new Map<number, Kept>();
  #bytes = 0;

  constructor(records: Records) {
    this.#records = records;
  }

  /** Newest first, all with a smaller seq. */
  before({ number, headSeq }: User, beforeSeq: number, most: number): readonly StoredPost[] {
    const known = this.#kept.get(number);
    const kept = known?.headSeq === headSeq ? known : nothingOf(headSeq);
    const from = kept.posts.findIndex(({ seq }) => seq < beforeSeq);
    const found = from < 0 ? [] : kept.posts.slice(from, from + most);
    if (kept.all || found.length === most) return found;
    const read = this.#read(number, beforeSeq, most);
    if (beforeSeq > headSeq || beforeSeq === kept.posts.at(-1)?.seq) {
      const newer = beforeSeq > headSeq ? [] : kept.posts;
      this.#keep(number, { headSeq, posts: [...newer, ...own(read)], all: read.length < most });
    }
    return read;
  }

  #read(number: number, beforeSeq: number, most: number): readonly StoredPost[] {
    const part = {
      prefix: numberKey(number),
      before: placeKey(number, beforeSeq),
      reverse: true,
      limit: most,
    };
    return this.#records
      .part('posts', part)
      .map(({ key, value }) => ({ seq: readSeq(key, afterNumber), bytes: value }));
  }

  #keep(number: number, kept: Kept): void {
    const bytes = bytesOf(kept);
    if (kept.posts.length > mostOfOne || bytes > mostBytes) return;
    this.#bytes += bytes - bytesOf(this.#kept.get(number));
    if (this.#bytes > mostBytes) {
      this.#kept = new Map();
      this.#bytes = bytes;
    }
    this.#kept.set(number, kept);
  }
}

function nothingOf(headSeq: number): Kept {
  return { headSeq, posts: [], all: headSeq === 0 };
}

function bytesOf(kept: Kept | undefined): number {
  return kept?.posts.reduce((sum, { bytes }) => sum + bytes.length + bytesBeside, bytesBeside) ?? 0;
}

/** In room of their own: what was read lies in slabs with much else, which would be kept with it. */
function own(posts: readonly StoredPost[]): StoredPost[] {
  const room = Buffer.allocUnsafeSlow(posts.reduce((sum, { bytes }) => sum + bytes.length, 0));
  let at = 0;
  return posts.map(({ seq, bytes }) => {
    room.set(bytes, at);
    const from = at;
    at += bytes.length;
    return { seq, bytes: room.subarray(from, at) };
  });
}
