import { crc32 } from 'node:zlib';
import type { Finding, OrderedPost } from '@everline/history';
import { numberIn } from './cast.js';
import { Numbers } from './numbers.js';

/** What was found between two places when it was checked first: enough to see later that it is the same still. */
interface Part {
  readonly untilSeq: number;
  readonly posts: number;
  /** Of a hash of each post, modulo 2^32: in whatever order they are read again, it is the same. */
  readonly sum: number;
}

export interface Reread {
  take(post: OrderedPost): void;
  end(): readonly Finding[];
}

/**
 * The whole order in a few bytes for each part: so a run may be as long as it likes. Posts are numbered by their authors, one after the
 * other, so a number says what is missing and what came again. Pure.
 */
export class WholeOrder {
  private readonly parts: Part[] = [];
  /** Of each author the last number that was checked. */
  private readonly numbers = new Map<string, number>();
  /** Numbers of posts that may be there or not. */
  private readonly perhaps = new Set<string>();

  /** Its author goes on with the next number, and nobody knows whether this one is there. */
  mayBe(author: string, number: number): void {
    this.perhaps.add(keyOf(author, number));
  }

  /** The posts of the next part, as somebody finds them who comes now. What is missing among them the history check says. */
  add(order: readonly OrderedPost[], untilSeq: number): readonly Finding[] {
    this.parts.push({ untilSeq, posts: order.length, sum: sumOf(order) });
    return order.flatMap((post) => {
      const number = numberIn(post.text);
      if (number <= (this.numbers.get(post.author) ?? 0)) return [again(post)];
      this.numbers.set(post.author, number);
      return [];
    });
  }

  /** Everything read again from the end to the beginning: each post is given to `take`, then `end` tells. A bit for each post. */
  reread(): Reread {
    const seen = new Map([...this.numbers].map(([author, last]) => [author, new Numbers(last)]));
    const lastSeq = this.parts.at(-1)?.untilSeq ?? 0;
    const parts = new PartsAgain(this.parts);
    const findings: Finding[] = [];
    const take = (post: OrderedPost): void => {
      const number = numberIn(post.text);
      if (post.seq > lastSeq && this.perhaps.has(keyOf(post.author, number))) return;
      parts.take(post);
      if (seen.get(post.author)?.add(number) !== true) findings.push(again(post));
    };
    const end = (): readonly Finding[] => {
      for (const [author, numbers] of seen)
        for (const number of numbers.missing())
          if (!this.perhaps.has(keyOf(author, number))) findings.push(lost(author, number));
      const changed = parts.end();
      // What is lost or doubled has changed its part, and that is said.
      return findings.length > 0 ? findings : changed;
    };
    return { take, end };
  }
}

/** The parts as they are found again, the last one first. */
class PartsAgain {
  private readonly parts: Part[];
  private readonly changed: Finding[] = [];
  private seen: OrderedPost[] = [];

  constructor(parts: readonly Part[]) {
    this.parts = [...parts];
  }

  take(post: OrderedPost): void {
    while (this.parts.length > 1 && post.seq <= (this.parts.at(-2)?.untilSeq ?? 0)) this.close();
    this.seen.push(post);
  }

  end(): readonly Finding[] {
    while (this.parts.length > 0) this.close();
    return this.changed;
  }

  private close(): void {
    const before = this.parts.pop();
    if (before === undefined) return;
    const now: Part = { untilSeq: before.untilSeq, posts: this.seen.length, sum: sumOf(this.seen) };
    this.seen = [];
    if (now.posts === before.posts && now.sum === before.sum) return;
    const what = `what stands between ${this.parts.at(-1)?.untilSeq ?? 0} and ${before.untilSeq} is no more what it was`;
    this.changed.push({ rule: 'one order', what, evidence: [{ before, now }] });
  }
}

function again(post: OrderedPost): Finding {
  return { rule: 'exactly once', what: `${post.text} is there again, or was never sent`, evidence: [post] };
}

function lost(author: string, number: number): Finding {
  const what = `post ${number} of ${author} was acknowledged and is not there any more`;
  return { rule: 'acknowledged is kept', what, evidence: [{ author, number }] };
}

function sumOf(posts: readonly OrderedPost[]): number {
  return posts.reduce(
    (sum, { seq, id, author, text }) => (sum + crc32(`${seq} ${id} ${author} ${text}`)) >>> 0,
    0,
  );
}

function keyOf(author: string, number: number): string {
  return `${author} ${number}`;
}
