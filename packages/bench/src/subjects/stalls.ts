import { connect } from '@everline/client';
import { Cluster } from '../cluster/cluster.js';
import { Stalls } from '../cluster/stalls.js';
import { closedLoop } from '../load/closed-loop.js';
import { Crowd } from '../load/crowd.js';
import { cursorNow } from '../load/cursor-now.js';
import { enterAll, followAll, postAmong } from '../load/people.js';
import { PostStream } from '../load/post-stream.js';
import { someText } from '../load/text.js';
import { figure } from '../rounds.js';
import { quantile } from '../statistics.js';
import type { Bench, Figure, Subject } from '../subject.js';
import { answer, FrameClient, snsClient } from '../wire/sns.js';

const inFlight = 64;
const authors = Array.from({ length: 300 }, (_, index) => `author-${index}`);
const reader = 'reader';
const star = 'star';

/** Runs for about so long. */
type Load = (forMs: number) => Promise<unknown>;

export const stalls: Subject = {
  name: 'stalls',
  what: 'How late the event loop of every role is at worst, in stretches of a quarter of a second, while posts, deliveries, backlogs and pages go on',
  async measure(bench) {
    const [warmMs, forMs] = bench.quick ? [500, 1_000] : [2_000, 15_000];
    await using cluster = await Cluster.start(bench, { masters: 2, metrics: true });
    const address = (await cluster.available()).plan.address;
    const loads = await prepare(bench, cluster, address, bench.quick ? 100 : 1_000);
    const figures: Figure[] = [];
    try {
      for (const [what, run] of Object.entries(loads.all)) {
        await run(warmMs);
        const seen = new Stalls(bench, cluster);
        await seen.during(() => run(forMs));
        for (const [name, ms] of seen.worst)
          figures.push(figure(`stalls/${what}-${name}`, `${what}: ${name}`, 'ms', ms));
        bench.say(`  ${what}: ${quantile([...seen.worst.values()].flat(), 0.999).toFixed(0)} ms`);
      }
    } finally {
      loads.close();
    }
    const all = figures.flatMap(({ values }) => values);
    figures.push(figure('stalls/worst', 'all of them', 'ms', all));
    return { figures, settings: { 'ms a load': forMs, 'in flight': inFlight, masters: 2 } };
  },
};

async function prepare(bench: Bench, cluster: Cluster, address: string, readers: number) {
  const { clock, random } = bench;
  await enterAll(address, [reader, ...authors]);
  await followAll(
    address,
    authors.map((author) => [reader, author]),
  );
  await postAmong(address, authors, 3_000, random);
  await using early = connect({ routers: cluster.routerAddress, user: reader });
  const after = await cursorNow(early);
  const crowd = await Crowd.open(bench, { address, readers, author: star, name: 'live' });
  const client = snsClient(address);
  const connection = new FrameClient(address);
  const [posts, read] = [new PostStream(connection, 'author-0'), new PostStream(connection, star)];
  const page = { username: reader, pageSize: 20, before: '', includeOwn: false };
  const loop = (callers: number, call: () => Promise<unknown>): Load => {
    return (forMs) => closedLoop({ clock, inFlight: callers, warmMs: 0, forMs }, call);
  };
  const all: Readonly<Record<string, Load>> = {
    posts: loop(inFlight, () => posts.post(random.uuid(), someText)),
    'fan-out': loop(4, () => read.post(random.uuid(), someText)),
    pages: loop(inFlight, () => answer((done) => client.readTimeline(page, done))),
    backlog: loop(1, () => readAll(cluster, after)),
  };
  return {
    all,
    close: () => {
      for (const open of [posts, read, crowd, connection, client]) open.close();
    },
  };
}

/** Everything that the load of posts has left behind. */
async function readAll(cluster: Cluster, after: string): Promise<void> {
  await using late = connect({ routers: cluster.routerAddress, user: reader });
  for await (const event of late.timeline({ after })) if (event.kind === 'caught-up') return;
}
