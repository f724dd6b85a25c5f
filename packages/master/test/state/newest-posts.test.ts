import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { readSeq, seqKey } from '../../src/state/keys.js';
import { NewestPosts } from '../../src/state/newest-posts.js';
import type { User } from '../../src/state/user.js';
import type { Found, Part, Records } from '../../src/store/records/records.js';

/** Everybody's posts, and how often they were looked up. */
class World {
  looks = 0;
  readonly #users = new Map<number, User>();
  readonly #seqs = new Map<number, number[]>();
  readonly #bytes: number;

  constructor(bytes = 10) {
    this.#bytes = bytes;
  }

  user(number: number): User {
    const user = this.#users.get(number) ?? { number, username: `user-${number}`, headSeq: 0 };
    this.#users.set(number, user);
    return user;
  }

  post(number: number, seq: number): void {
    this.#seqs.set(number, [seq, ...this.#all(number)]);
    this.user(number).headSeq = seq;
  }

  /** By the definition. */
  before(number: number, beforeSeq: number, most: number): number[] {
    return this.#all(number)
      .filter((seq) => seq < beforeSeq)
      .slice(0, most);
  }

  get records(): Records {
    const part = (_table: 'posts', { prefix, before, limit }: Part): Found[] => {
      this.looks++;
      const seqs = this.before(prefix.readUInt32BE(), readSeq(before ?? Buffer.alloc(10), 4), limit);
      return seqs.map((seq) => ({
        key: Buffer.concat([prefix, seqKey(seq)]),
        value: Buffer.alloc(this.#bytes, seq),
      }));
    };
    return { part } as unknown as Records;
  }

  #all(number: number): readonly number[] {
    return this.#seqs.get(number) ?? [];
  }
}

const latest = 2 ** 48 - 1;
const step = fc.oneof(
  fc.record({ kind: fc.constant('post' as const), of: fc.integer({ min: 1, max: 3 }) }),
  fc.record({
    kind: fc.constant('look' as const),
    of: fc.integer({ min: 1, max: 3 }),
    before: fc.oneof(fc.constant(latest), fc.integer({ min: 1, max: 70 })),
    most: fc.integer({ min: 1, max: 20 }),
  }),
);

test('whatever is posted and looked at: what is found is what there is, with its bytes', () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 120, size: 'max' }), (steps) => {
      const world = new World();
      const newest = new NewestPosts(world.records);
      let seq = 0;
      for (const one of steps) {
        if (one.kind === 'post') world.post(one.of, ++seq);
        else {
          const found = newest.before(world.user(one.of), one.before, one.most);
          expect(found.map((post) => post.seq)).toEqual(world.before(one.of, one.before, one.most));
          for (const post of found) expect(post.bytes).toEqual(Buffer.alloc(10, post.seq));
        }
      }
    }),
    { numRuns: 200 },
  );
});

test('who was looked at is looked up again after the next post, and not before; further down, once', () => {
  const world = new World();
  const newest = new NewestPosts(world.records);
  for (let seq = 1; seq <= 10; seq++) world.post(1, seq);
  const look = (before: number): number[] => newest.before(world.user(1), before, 2).map(({ seq }) => seq);
  expect([look(latest), look(latest), world.looks]).toEqual([[10, 9], [10, 9], 1]);
  expect([look(9), look(9), look(10), world.looks]).toEqual([[8, 7], [8, 7], [9, 8], 2]);
  world.post(1, 11);
  expect([look(latest), look(latest), world.looks]).toEqual([[11, 10], [11, 10], 3]);
});

test('who never posted is not looked up, and who posted once only once', () => {
  const world = new World();
  const newest = new NewestPosts(world.records);
  world.post(2, 1);
  for (let i = 0; i < 3; i++) {
    expect(newest.before(world.user(1), latest, 2)).toEqual([]);
    expect(newest.before(world.user(2), latest, 2)).toHaveLength(1);
    expect(newest.before(world.user(2), 1, 2)).toEqual([]);
  }
  expect(world.looks).toBe(1);
});

test('no more is kept than there is room for: sixteen posts of one, two MiB of all', () => {
  const world = new World(64 * 1024);
  const newest = new NewestPosts(world.records);
  const authors = Array.from({ length: 40 }, (_, i) => i + 1);
  let seq = 0;
  for (let round = 0; round < 20; round++) for (const author of authors) world.post(author, ++seq);
  const look = (author: number, most: number): number => {
    newest.before(world.user(author), latest, most);
    return world.looks;
  };
  expect([look(1, 17), look(1, 17), look(1, 16), look(1, 16)]).toEqual([1, 2, 3, 3]);
  // The first one's are half of the room, fifteen more authors with a post each nearly the other half.
  for (const author of authors.slice(1, 16)) look(author, 1);
  expect(look(1, 16)).toBe(18);
  look(17, 1);
  expect(look(1, 16)).toBe(20);
});
