import { type Client, connect } from '@everline/client';
import { Cluster } from '../cluster/cluster.js';
import { cursorNow } from '../load/cursor-now.js';
import { someText } from '../load/text.js';
import { alternate, figure } from '../rounds.js';
import type { Bench, Subject } from '../subject.js';
import { entriesIn, isCaughtUp } from '../wire/frames.js';
import { FrameClient } from '../wire/sns.js';

export const backlog: Subject = {
  name: 'backlog',
  what: 'A reader that resumes far behind: entries a second until it has caught up, on a bare stream and through the client library',
  async measure(bench) {
    const entries = bench.quick ? 20_000 : 100_000;
    await using cluster = await Cluster.start(bench, { masters: 2 });
    await using author = connect({ routers: cluster.routerAddress, user: 'author' });
    await using reader = connect({ routers: cluster.routerAddress, user: 'reader' });
    await author.login();
    await reader.login();
    await reader.follow('author');
    const after = await cursorNow(reader);
    for await (const outcome of author.posts(copies(entries), { inFlight: 1_024 }))
      if (outcome.kind === 'refused') throw outcome.error;
    const address = (await cluster.available()).plan.address;
    const values = await alternate(bench, bench.quick ? 2 : 5, {
      stream: async () => ({ rate: await rate(bench, entries, () => readFrames(address, after)) }),
      client: async () => ({ rate: await rate(bench, entries, () => readEvents(reader, after)) }),
    });
    return {
      figures: [
        figure('backlog/rate', 'entries on a bare stream', '/s', values.of('stream.rate')),
        figure('backlog/client', 'entries through the client library', '/s', values.of('client.rate')),
      ],
      settings: { entries, 'text bytes': someText.length },
    };
  },
};

function* copies(amount: number): Generator<string> {
  for (let count = 0; count < amount; count++) yield someText;
}

async function rate(bench: Bench, entries: number, read: () => Promise<number>): Promise<number> {
  const fromMs = bench.clock.nowMs();
  const got = await read();
  if (got !== entries) throw new Error(`${got} of ${entries} entries came`);
  return (entries * 1_000) / (bench.clock.nowMs() - fromMs);
}

function readFrames(address: string, after: string): Promise<number> {
  const connection = new FrameClient(address);
  const stream = connection.timeline();
  const value = {
    username: 'reader',
    after,
    recent: 0,
    includeOwn: false,
    sessionId: '',
    onlyPosts: false,
    ahead: false,
  };
  stream.write({ request: { $case: 'open', value } });
  return new Promise<number>((resolve, reject) => {
    let got = 0;
    stream.on('error', reject);
    stream.on('data', (frame: Buffer) => {
      got += entriesIn(frame);
      if (isCaughtUp(frame)) resolve(got);
    });
  }).finally(() => {
    stream.cancel();
    connection.close();
  });
}

async function readEvents(reader: Client, after: string): Promise<number> {
  let got = 0;
  for await (const event of reader.timeline({ after })) {
    if (event.kind === 'entry') got++;
    if (event.kind === 'caught-up') break;
  }
  return got;
}
