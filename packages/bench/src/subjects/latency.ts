import { connect } from '@everline/client';
import { Cluster } from '../cluster/cluster.js';
import { closedLoop } from '../load/closed-loop.js';
import { paced } from '../load/paced.js';
import { someText } from '../load/text.js';
import { alternate, figure } from '../rounds.js';
import type { Subject } from '../subject.js';

export const latency: Subject = {
  name: 'latency',
  what: 'How long a durable post that is replicated to one standby takes: one writer, and many at half of what 64 in flight reach',
  async measure(bench) {
    const { clock } = bench;
    const rounds = bench.quick ? 2 : 5;
    const forMs = bench.quick ? 500 : 2_500;
    await using cluster = await Cluster.start(bench, { masters: 2 });
    await using client = connect({ routers: cluster.routerAddress, user: 'author' });
    await client.login();
    const post = () => client.post(someText);
    const all = await closedLoop({ clock, inFlight: 64, warmMs: 1_500, forMs: 1_000 }, post);
    const values = await alternate(bench, rounds, {
      one: async () => ({ ...(await closedLoop({ clock, inFlight: 1, warmMs: 200, forMs }, post)) }),
    });
    const half = await alternate(bench, rounds, {
      half: async () => ({ ...(await paced({ clock, perSecond: all.rate / 2, forMs }, post)) }),
    });
    return {
      figures: [
        figure('latency/one-p50', 'one writer, p50', 'ms', values.of('one.p50')),
        figure('latency/one-p99', 'one writer, p99', 'ms', values.of('one.p99')),
        figure('latency/half-rate', 'half load', '/s', half.of('half.rate')),
        figure('latency/half-p50', 'half load, p50', 'ms', half.of('half.p50')),
        figure('latency/half-p99', 'half load, p99', 'ms', half.of('half.p99')),
      ],
      settings: { 'text bytes': someText.length, 'ms a round': forMs, masters: 2 },
    };
  },
};
