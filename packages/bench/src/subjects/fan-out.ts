import { Bare } from '../bare/bare.js';
import { Cluster } from '../cluster/cluster.js';
import { Crowd } from '../load/crowd.js';
import { PostStream } from '../load/post-stream.js';
import { someText } from '../load/text.js';
import { alternate, figure } from '../rounds.js';
import { ratios } from '../statistics.js';
import type { Bench, Figure, Subject } from '../subject.js';
import { answer, FrameClient, snsClient } from '../wire/sns.js';

const author = 'author';
const inFlight = 16;
const deliverMs = 60_000;

export const fanOut: Subject = {
  name: 'fan-out',
  what: 'One author, live readers: deliveries a second, beside a bare push of the same encoded bytes to as many streams',
  async measure(bench) {
    const figures: Figure[] = [];
    for (const readers of [100, 1_000]) figures.push(...(await forReaders(bench, readers)));
    return { figures, settings: { 'posts in flight': inFlight, 'text bytes': someText.length, masters: 2 } };
  },
};

async function forReaders(bench: Bench, readers: number): Promise<readonly Figure[]> {
  const rounds = bench.quick ? 2 : 5;
  const posts = Math.round((bench.quick ? 60_000 : 300_000) / readers);
  await using bare = await Bare.start(bench);
  await using cluster = await Cluster.start(bench, { masters: 2 });
  const address = (await cluster.available()).plan.address;
  const pushed = await Crowd.open(bench, { address: bare.address, readers, author: undefined });
  const live = await Crowd.open(bench, { address, readers, author });
  const control = snsClient(bare.address);
  const connection = new FrameClient(address);
  const poster = new PostStream(connection, author);
  const timed = async (crowd: Crowd, begin: () => Promise<unknown>): Promise<{ readonly rate: number }> => {
    crowd.entries = 0;
    const fromMs = bench.clock.nowMs();
    const begun = begin();
    await crowd.until(posts * readers, deliverMs);
    const rate = (posts * readers * 1_000) / (bench.clock.nowMs() - fromMs);
    await begun;
    return { rate };
  };
  try {
    const values = await alternate(bench, rounds, {
      push: () =>
        timed(pushed, () =>
          answer((done) => control.list({ username: author, pageSize: posts, pageToken: '' }, done)),
        ),
      live: () => timed(live, () => postAll(bench, poster, posts)),
    });
    bench.say(`  ${readers} readers: done`);
    const [push, deliveries] = [values.of('push.rate'), values.of('live.rate')];
    const to = `to ${readers.toLocaleString('en')} readers`;
    return [
      figure(`fan-out/push-${readers}`, `bare push ${to}`, '/s', push),
      figure(`fan-out/deliveries-${readers}`, `deliveries ${to}`, '/s', deliveries),
      figure(`fan-out/ratio-${readers}`, `deliveries ÷ push ${to}`, '×', ratios(deliveries, push)),
    ];
  } finally {
    poster.close();
    for (const open of [pushed, live, connection, control]) open.close();
  }
}

async function postAll(bench: Bench, poster: PostStream, posts: number): Promise<void> {
  let left = posts;
  const post = async (): Promise<void> => {
    while (left > 0) {
      left--;
      await poster.post(bench.random.uuid(), someText);
    }
  };
  await Promise.all(Array.from({ length: inFlight }, post));
}
