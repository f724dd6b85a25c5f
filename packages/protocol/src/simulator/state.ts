// What the committed entries come to: answers to command ids (M15), and the timeline.
import type { Entry } from './journal.js';

export interface Post extends Entry {
  /** Of the post before it; 0 for none. */
  readonly prevSeq: number;
}

export class State {
  appliedSeq = 0;
  appliedEpoch = 0;
  hash = 0;
  readonly answers = new Map<string, number>();
  posts: Post[] = [];

  apply(entry: Entry): Post | undefined {
    const { seq, epoch, id } = entry;
    this.appliedSeq = seq;
    this.appliedEpoch = epoch;
    this.hash = chain(this.hash, entry);
    if (id === '' || this.answers.has(id)) return undefined;
    this.answers.set(id, seq);
    const post = { seq, epoch, id, prevSeq: this.posts.at(-1)?.seq ?? 0 };
    this.posts.push(post);
    return post;
  }

  /** The posts after this one, oldest first. */
  after(seq: number): readonly Post[] {
    let low = 0;
    let high = this.posts.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.posts[middle]?.seq ?? 0) > seq) high = middle;
      else low = middle + 1;
    }
    return this.posts.slice(low);
  }

  copy(): State {
    const other = new State();
    other.copyFrom(this);
    return other;
  }

  copyFrom(other: State): void {
    this.appliedSeq = other.appliedSeq;
    this.appliedEpoch = other.appliedEpoch;
    this.hash = other.hash;
    this.posts = [...other.posts];
    this.answers.clear();
    for (const { id, seq } of this.posts) this.answers.set(id, seq);
  }

  /** As it was when it was last brought to the disk. */
  backTo({ seq, epoch, hash }: { seq: number; epoch: number; hash: number }): void {
    this.appliedSeq = seq;
    this.appliedEpoch = epoch;
    this.hash = hash;
    while ((this.posts.at(-1)?.seq ?? 0) > seq) this.answers.delete(this.posts.pop()?.id ?? '');
  }
}

/** The hash after this entry: equal histories, equal hashes. */
export function chain(hash: number, { seq, epoch, id }: Entry): number {
  let h = Math.imul(hash ^ seq, 0x9e3779b1) ^ Math.imul(epoch, 0x85ebca6b);
  for (let i = 0; i < id.length; i++) h = Math.imul(h ^ id.charCodeAt(i), 0x01000193);
  return h >>> 0;
}
