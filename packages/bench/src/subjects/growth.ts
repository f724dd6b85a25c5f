import { Cluster } from '../cluster/cluster.js';
import { filledFolder, type Size, userOf } from '../cluster/filled.js';
import { closedLoop } from '../load/closed-loop.js';
import { Crowd } from '../load/crowd.js';
import { someText } from '../load/text.js';
import { alternate, figure } from '../rounds.js';
import { ratios } from '../statistics.js';
import type { Bench, Figure, Subject } from '../subject.js';
import { answer, snsClient } from '../wire/sns.js';
import { sizeFor } from './big-store.js';

const author = 'author';
const readers = 100;
/** So often somebody posts who has readers. */
const everyReadPost = 10;
const inFlight = 16;

export const growth: Subject = {
  name: 'growth',
  what: 'What a post by anybody costs in a store with many more users and as many live readers, and what a page costs of somebody who has posted much more',
  async measure(bench) {
    const { users } = sizeFor(bench);
    const posts = bench.quick ? 5_000 : 1_000_000;
    const of = (size: number): Size => ({ users: size, followees: 10, posts: size, authors: size });
    const one = (size: number): Size => ({ users: 2, followees: 1, posts: size, authors: 1 });
    const figures = [
      ...(await sideBySide(bench, { small: of(1_000), large: sizeFor(bench) }, 'post', poster)),
      ...(await sideBySide(bench, { small: one(1_000), large: one(posts) }, 'page', pager)),
    ];
    return { figures, settings: { users, 'posts of the one author': posts, readers, 'in flight': inFlight } };
  },
};

/** One call of its kind. */
type Calls = (bench: Bench, address: string, size: Size) => Promise<Load>;
interface Load {
  call(): Promise<unknown>;
  close(): void;
}

async function sideBySide(
  bench: Bench,
  sizes: { readonly small: Size; readonly large: Size },
  what: 'post' | 'page',
  calls: Calls,
): Promise<readonly Figure[]> {
  await using small = await filled(bench, sizes.small);
  await using large = await filled(bench, sizes.large);
  const loads = {
    small: await calls(bench, (await small.available()).plan.address, sizes.small),
    large: await calls(bench, (await large.available()).plan.address, sizes.large),
  };
  const options = {
    clock: bench.clock,
    inFlight,
    warmMs: bench.quick ? 100 : 300,
    forMs: bench.quick ? 300 : 1_200,
  };
  const side = (of: 'small' | 'large') => async () => {
    const { rate } = await closedLoop(options, () => loads[of].call());
    return { rate };
  };
  try {
    const values = await alternate(bench, bench.quick ? 2 : 7, {
      small: side('small'),
      large: side('large'),
    });
    const [few, many] = [values.of('small.rate'), values.of('large.rate')];
    const [from, to] =
      what === 'post' ? [sizes.small.users, sizes.large.users] : [sizes.small.posts, sizes.large.posts];
    const unit = what === 'post' ? 'users' : 'posts';
    return [
      figure(`growth/${what}-small`, `${what}s, ${from} ${unit}`, '/s', few),
      figure(`growth/${what}-large`, `${what}s, ${to} ${unit}`, '/s', many),
      figure(`growth/${what}-ratio`, `cost of a ${what}, ${to} ÷ ${from} ${unit}`, '×', ratios(few, many)),
    ];
  } finally {
    loads.small.close();
    loads.large.close();
  }
}

async function filled(bench: Bench, size: Size): Promise<Cluster> {
  const folder = await filledFolder(bench, size);
  return await Cluster.start(bench, { masters: 1, folder });
}

const poster: Calls = async (bench, address, { users }) => {
  const crowd = await Crowd.open(bench, { address, readers, author });
  const client = snsClient(address);
  let count = 0;
  const post = (username: string): Promise<unknown> =>
    answer((done) => client.post({ username, postId: bench.random.uuid(), text: someText }, done));
  return {
    call: () => {
      const anybody = userOf(1 + Math.floor(bench.random.next() * users));
      return post(count++ % everyReadPost === 0 ? author : anybody);
    },
    close: () => {
      crowd.close();
      client.close();
    },
  };
};

const pager: Calls = async (_bench, address) => {
  const client = snsClient(address);
  const request = { username: userOf(2), pageSize: 20, before: '', includeOwn: false };
  return {
    call: () => answer((done) => client.readTimeline(request, done)),
    close: () => client.close(),
  };
};
