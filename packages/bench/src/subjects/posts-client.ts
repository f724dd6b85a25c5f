import { type Client, connect } from '@everline/client';
import { Bare } from '../bare/bare.js';
import { Cluster } from '../cluster/cluster.js';
import { closedLoop, type LoopOptions, type Ran } from '../load/closed-loop.js';
import { PostStream } from '../load/post-stream.js';
import { someText } from '../load/text.js';
import { alternate, figure, type Side } from '../rounds.js';
import { ratios } from '../statistics.js';
import type { Bench, Figure, Subject } from '../subject.js';
import { FrameClient } from '../wire/sns.js';

const depths = [1, 16, 64, 256];

export const postsClient: Subject = {
  name: 'posts-client',
  what: 'Durable posts, replicated to one standby, through the client library, beside a bare bidi stream that answers the same messages',
  async measure(bench) {
    const rounds = bench.quick ? 2 : 5;
    const loop = { warmMs: bench.quick ? 100 : 300, forMs: bench.quick ? 300 : 800 };
    await using bare = await Bare.start(bench);
    await using cluster = await Cluster.start(bench, { masters: 2 });
    await using client = connect({ routers: cluster.routerAddress, user: 'author' });
    await client.login();
    const address = (await cluster.available()).plan.address;
    const figures: Figure[] = [];
    for (const inFlight of bench.quick ? [16, 64] : depths) {
      const options = { clock: bench.clock, inFlight, ...loop };
      const values = await alternate(bench, rounds, {
        echo: overStream(bench, bare.address, options),
        stream: overStream(bench, address, options),
        client: async () => shown(await closedLoop(options, () => client.post(someText))),
        posts: () => pipelined(client, options),
      });
      const rate = (side: string) => values.of(`${side}.rate`);
      const at = `${inFlight} in flight`;
      figures.push(
        figure(`posts-client/echo-${inFlight}`, `bidi echo, ${at}`, '/s', rate('echo')),
        figure(`posts-client/stream-${inFlight}`, `posts on a bare stream, ${at}`, '/s', rate('stream')),
        figure(`posts-client/rate-${inFlight}`, `client.post, ${at}`, '/s', rate('client')),
        figure(`posts-client/posts-${inFlight}`, `client.posts, ${at}`, '/s', rate('posts')),
        figure(
          `posts-client/ratio-${inFlight}`,
          `client.post ÷ bidi echo, ${at}`,
          '×',
          ratios(rate('client'), rate('echo')),
        ),
        figure(`posts-client/p50-${inFlight}`, `p50 of client.post, ${at}`, 'ms', values.of('client.p50')),
        figure(`posts-client/p99-${inFlight}`, `p99 of client.post, ${at}`, 'ms', values.of('client.p99')),
      );
      bench.say(`  ${at}: done`);
    }
    return { figures, settings: { 'text bytes': someText.length, 'ms a round': loop.forMs, masters: 2 } };
  },
};

const shown = ({ rate, p50, p99 }: Ran) => ({ rate, p50, p99 });

function overStream(bench: Bench, address: string, options: LoopOptions): Side {
  return async () => {
    const connection = new FrameClient(address);
    const stream = new PostStream(connection, 'author');
    try {
      return shown(await closedLoop(options, () => stream.post(bench.random.uuid(), someText)));
    } finally {
      stream.close();
      connection.close();
    }
  };
}

/** One source of posts, in order. */
async function pipelined(client: Client, { clock, inFlight, warmMs, forMs }: LoopOptions) {
  const fromMs = clock.nowMs() + warmMs;
  const untilMs = fromMs + forMs;
  function* drafts() {
    while (clock.nowMs() < untilMs) yield someText;
  }
  let count = 0;
  for await (const outcome of client.posts(drafts(), { inFlight })) {
    if (outcome.kind === 'refused') throw outcome.error;
    const nowMs = clock.nowMs();
    if (nowMs >= fromMs && nowMs < untilMs) count++;
  }
  return { rate: (count / forMs) * 1_000 };
}
