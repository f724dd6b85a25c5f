import { connect } from '@everline/client';
import { Bare } from '../bare/bare.js';
import { Cluster } from '../cluster/cluster.js';
import { closedLoop } from '../load/closed-loop.js';
import { someText } from '../load/text.js';
import { alternate, figure } from '../rounds.js';
import { ratios } from '../statistics.js';
import type { Bench, Subject } from '../subject.js';
import { answer, snsClient } from '../wire/sns.js';

const followees = 300;
const postsEach = 10;
const pageSize = 20;
const deep = 16;
const µsPerMs = 1_000;

export const page: Subject = {
  name: 'page',
  what: 'A timeline page of somebody with many followees, beside an empty service that answers an encoded page of the same size',
  async measure(bench) {
    await using bare = await Bare.start(bench);
    await using cluster = await Cluster.start(bench, { masters: 2 });
    await prepare(bench, cluster.routerAddress);
    const address = (await cluster.available()).plan.address;
    const sides = { echo: pager(bench, bare.address), page: pager(bench, address) };
    const values = await alternate(bench, bench.quick ? 2 : 5, sides);
    const p50 = (side: string) => values.of(`${side}.p50`).map((ms) => ms * µsPerMs);
    const inMaster = p50('page').map((µs, round) => µs - (p50('echo')[round] ?? Number.NaN));
    const [echo, pages] = [values.of('echo.rate'), values.of('page.rate')];
    return {
      figures: [
        figure('page/p50', 'a page, alone, p50', 'µs', p50('page')),
        figure('page/echo-p50', 'the echo, alone, p50', 'µs', p50('echo')),
        figure('page/in-master-p50', 'the difference: in the master', 'µs', inMaster),
        figure('page/rate', `pages, ${deep} in flight`, '/s', pages),
        figure('page/echo', `echo, ${deep} in flight`, '/s', echo),
        figure('page/ratio', 'pages ÷ echo', '×', ratios(pages, echo)),
      ],
      settings: { followees, 'posts each': postsEach, 'page size': pageSize },
    };
  },
};

async function prepare(bench: Bench, routers: string): Promise<void> {
  await using reader = connect({ routers, user: 'reader' });
  await reader.login();
  const authors = Array.from({ length: followees }, (_, index) => `author-${index}`);
  for (const user of authors) {
    bench.stop.throwIfAborted();
    await using author = connect({ routers, user });
    await author.login();
    await reader.follow(user);
    await Promise.all(Array.from({ length: postsEach }, () => author.post(someText)));
  }
}

function pager(bench: Bench, address: string) {
  const { clock, quick } = bench;
  const request = { username: 'reader', pageSize, before: '', includeOwn: false };
  const warmMs = quick ? 100 : 300;
  const forMs = quick ? 300 : 1_200;
  return async () => {
    const client = snsClient(address);
    const call = () => answer((done) => client.readTimeline(request, done));
    const { p50 } = await closedLoop({ clock, inFlight: 1, warmMs, forMs }, call);
    const { rate } = await closedLoop({ clock, inFlight: deep, warmMs, forMs }, call);
    client.close();
    return { p50, rate };
  };
}
