import { Bare } from '../bare/bare.js';
import { Cluster } from '../cluster/cluster.js';
import { closedLoop, type LoopOptions } from '../load/closed-loop.js';
import { someText } from '../load/text.js';
import { alternate, figure, type Side } from '../rounds.js';
import { ratios } from '../statistics.js';
import type { Bench, Figure, Subject } from '../subject.js';
import { answer, snsClient } from '../wire/sns.js';

const depths = [1, 16, 64, 256];
const username = 'author';

export const postsUnary: Subject = {
  name: 'posts-unary',
  what: 'Durable posts by bare grpc-js unary calls, beside an empty service that answers the same messages',
  async measure(bench) {
    const rounds = bench.quick ? 2 : 5;
    const loop = { warmMs: bench.quick ? 100 : 300, forMs: bench.quick ? 300 : 800 };
    await using bare = await Bare.start(bench);
    await using alone = await Cluster.start(bench, { masters: 1 });
    await using pair = await Cluster.start(bench, { masters: 2 });
    const figures: Figure[] = [];
    for (const inFlight of bench.quick ? [64] : depths) {
      const options = { clock: bench.clock, inFlight, ...loop };
      const values = await alternate(bench, rounds, {
        echo: caller(bench, bare.address, options),
        alone: caller(bench, (await alone.available()).plan.address, options),
        replicated: caller(bench, (await pair.available()).plan.address, options),
      });
      const rate = (side: string) => values.of(`${side}.rate`);
      const at = `${inFlight} in flight`;
      figures.push(
        figure(`posts-unary/echo-${inFlight}`, `echo, ${at}`, '/s', rate('echo')),
        ...['alone', 'replicated'].flatMap((side) => [
          figure(`posts-unary/${side}-${inFlight}`, `posts, ${side}, ${at}`, '/s', rate(side)),
          figure(
            `posts-unary/${side}-ratio-${inFlight}`,
            `posts, ${side} ÷ echo, ${at}`,
            '×',
            ratios(rate(side), rate('echo')),
          ),
          figure(
            `posts-unary/${side}-p99-${inFlight}`,
            `p99, ${side}, ${at}`,
            'ms',
            values.of(`${side}.p99`),
          ),
        ]),
      );
      bench.say(`  ${at}: done`);
    }
    return { figures, settings: { 'text bytes': someText.length, 'ms a round': loop.forMs } };
  },
};

/** One connection, as one application has. */
function caller(bench: Bench, address: string, options: LoopOptions): Side {
  return async () => {
    const client = snsClient(address);
    try {
      await answer((done) =>
        client.post({ username, postId: bench.random.uuid(), text: someText }, done),
      ).catch(() => answer((done) => client.login(login, done)));
      const { rate, p50, p99 } = await closedLoop(options, () =>
        answer((done) => client.post({ username, postId: bench.random.uuid(), text: someText }, done)),
      );
      return { rate, p50, p99 };
    } finally {
      client.close();
    }
  };
}

const login = { username, exclusive: false, sessionId: '', password: '', requestId: '' };
