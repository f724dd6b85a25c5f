import type { ReadTimelineResponse } from '@everline/contracts';
import { Bare } from '../bare/bare.js';
import { Cluster } from '../cluster/cluster.js';
import { closedLoop } from '../load/closed-loop.js';
import { enterAll, followAll, postAmong } from '../load/people.js';
import { alternate, figure } from '../rounds.js';
import { ratios } from '../statistics.js';
import type { Bench, Subject } from '../subject.js';
import { answer, snsClient } from '../wire/sns.js';

const reader = 'reader';
const authors = Array.from({ length: 300 }, (_, index) => `author-${index}`);
/** In no order, so that a page shows many authors, and an older one lies between newer posts of nearly all. */
const posts = 3_000;
const pageSize = 20;
const pagesDown = 10;
const deep = 16;
const µsPerMs = 1_000;

export const page: Subject = {
  name: 'page',
  what: 'A timeline page of somebody with many followees who post in no order, beside an empty service that answers an encoded page of the same size',
  async measure(bench) {
    await using bare = await Bare.start(bench);
    await using cluster = await Cluster.start(bench, { masters: 2 });
    const address = (await cluster.available()).plan.address;
    await enterAll(address, [reader, ...authors]);
    await followAll(
      address,
      authors.map((author) => [reader, author]),
    );
    await postAmong(address, authors, posts, bench.random);
    const sides = {
      echo: pager(bench, bare.address, ''),
      page: pager(bench, address, ''),
      older: pager(bench, address, await placeDown(address)),
    };
    const values = await alternate(bench, bench.quick ? 2 : 5, sides);
    const p50 = (side: string) => values.of(`${side}.p50`).map((ms) => ms * µsPerMs);
    const inMaster = (side: string) => p50(side).map((µs, round) => µs - (p50('echo')[round] ?? Number.NaN));
    const [echo, pages] = [values.of('echo.rate'), values.of('page.rate')];
    return {
      figures: [
        figure('page/p50', 'a page, alone, p50', 'µs', p50('page')),
        figure('page/echo-p50', 'the echo, alone, p50', 'µs', p50('echo')),
        figure('page/in-master-p50', 'the difference: in the master', 'µs', inMaster('page')),
        figure('page/older-p50', `in the master, ${pagesDown} pages down`, 'µs', inMaster('older')),
        figure('page/rate', `pages, ${deep} in flight`, '/s', pages),
        figure('page/echo', `echo, ${deep} in flight`, '/s', echo),
        figure('page/ratio', 'pages ÷ echo', '×', ratios(pages, echo)),
      ],
      settings: { followees: authors.length, posts, 'page size': pageSize },
    };
  },
};

async function placeDown(address: string): Promise<string> {
  const client = snsClient(address);
  let before = '';
  for (let at = 0; at < pagesDown; at++) {
    const request = { username: reader, pageSize, before, includeOwn: false };
    before = (await answer<ReadTimelineResponse>((done) => client.readTimeline(request, done))).nextBefore;
  }
  client.close();
  return before;
}

function pager(bench: Bench, address: string, before: string) {
  const { clock, quick } = bench;
  const request = { username: reader, pageSize, before, includeOwn: false };
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
