// Many people as years of use would leave them, computed rather than remembered: everybody follows as many others, some have posted.
import type { FollowerInfo, StoredRecord } from '@everline/contracts';
import { numberKey, placeKey } from '../../src/state/keys.js';
import { postLength, writePost } from '../../src/state/post.js';
import { memberOf } from '../../src/state/user.js';
import { uuidBytes } from '../../src/state/uuid.js';
import { type Table, tableByte } from '../../src/store/records/table.js';

export interface World {
  readonly users: number;
  /** Of everybody. */
  readonly followees: number;
  readonly posts: number;
  /** The first so many users have posted, in turns. */
  readonly authors: number;
  /** The entries of this world come after this one. */
  readonly afterSeq: number;
  /** Of the oldest post; the others follow, one a millisecond. */
  readonly fromMs: number;
}

const partSize = 1_000;
const text = 'x'.repeat(150);

/** `user-0000001` and so on: in the order of their numbers. */
export function nameOf(number: number): string {
  return `user-${String(number).padStart(7, '0')}`;
}

export function lastSeqOf(world: World): number {
  return postSeq(world, world.posts);
}

export function lastMsOf({ fromMs, posts }: World): number {
  return fromMs + posts;
}

/** Everybody, in parts, with whom they follow. */
export function* followerInfo(world: World): Generator<Map<string, FollowerInfo>> {
  const steps = stepsOf(world);
  let part = new Map<string, FollowerInfo>();
  for (let number = 1; number <= world.users; number++) {
    const following = steps
      .map((step, k) => ({
        username: '',
        userNumber: shifted(world, number, step),
        sinceSeq: BigInt(followSeq(world, number, k)),
      }))
      .sort((a, b) => a.userNumber - b.userNumber);
    part.set(nameOf(number), { userNumber: number, sinceSeq: BigInt(world.afterSeq + number), following });
    if (part.size < partSize && number < world.users) continue;
    yield part;
    part = new Map();
  }
}

/** The rest, table by table, each in the order of its keys, in parts. */
export function* records(world: World): Generator<StoredRecord[]> {
  let part: StoredRecord[] = [];
  for (const record of eachRecord(world)) {
    part.push(record);
    if (part.length < partSize) continue;
    yield part;
    part = [];
  }
  yield part;
}

function* eachRecord(world: World): Generator<StoredRecord> {
  const { users, posts, authors } = world;
  const steps = stepsOf(world);
  for (let number = 1; number <= users; number++) {
    const last = number <= authors ? posts - ((((posts - number) % authors) + authors) % authors) : 0;
    const headSeq = last > 0 ? postSeq(world, last) : 0;
    yield record('members', numberKey(number), memberOf({ number, username: nameOf(number), headSeq }));
  }
  for (let number = 1; number <= users; number++) {
    const followers = steps.map((step, k) => {
      const follower = shifted(world, number, users - step);
      return { follower, seq: followSeq(world, follower, k) };
    });
    for (const { follower, seq } of followers.sort((a, b) => a.seq - b.seq))
      yield record('followers', placeKey(number, seq), numberKey(follower));
  }
  for (let author = 1; author <= authors; author++) {
    for (let post = author; post <= posts; post += authors)
      yield record('posts', placeOf(world, post), postBytes(world, post));
  }
  for (let post = 1; post <= posts; post++)
    yield record('places', uuidBytes(idOf(world, post)), placeOf(world, post));
}

function record(table: Table, key: Buffer, value: Buffer): StoredRecord {
  return { key: Buffer.concat([Buffer.of(tableByte(table)), key]), value };
}

/** Different for each of the followees, so that nobody is followed twice by the same. */
function stepsOf({ users, followees }: World): number[] {
  return Array.from({ length: followees }, (_, k) => 1 + Math.floor((k * (users - 1)) / followees));
}

function shifted({ users }: World, number: number, step: number): number {
  return ((number - 1 + step) % users) + 1;
}

function followSeq({ afterSeq, users, followees }: World, follower: number, k: number): number {
  return afterSeq + users + (follower - 1) * followees + k + 1;
}

/** Posts count from 1. */
function postSeq({ afterSeq, users, followees }: World, post: number): number {
  return afterSeq + users * (1 + followees) + post;
}

function authorOf({ authors }: World, post: number): number {
  return ((post - 1) % authors) + 1;
}

function placeOf(world: World, post: number): Buffer {
  return placeKey(authorOf(world, post), postSeq(world, post));
}

/** In the order of time, as those of clients are. */
function idOf({ fromMs }: World, post: number): string {
  const time = (fromMs + post).toString(16).padStart(12, '0');
  return `${time.slice(0, 8)}-${time.slice(8)}-7000-8000-${post.toString(16).padStart(12, '0')}`;
}

function postBytes(world: World, post: number): Buffer {
  const draft = { kind: 'post' as const, id: idOf(world, post), author: nameOf(authorOf(world, post)), text };
  const place = { seq: postSeq(world, post), atMs: world.fromMs + post };
  const bytes = Buffer.allocUnsafe(postLength(draft, place));
  writePost(bytes, 0, draft, place);
  return bytes;
}
