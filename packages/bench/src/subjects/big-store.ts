import { rmSync } from 'node:fs';
import { type Client, connect } from '@everline/client';
import { Cluster } from '../cluster/cluster.js';
import { filledFolder, type Size } from '../cluster/filled.js';
import { ownBytes } from '../cluster/memory.js';
import { paced } from '../load/paced.js';
import { someText } from '../load/text.js';
import { figure } from '../rounds.js';
import { ratios } from '../statistics.js';
import type { Bench, Figure, Subject } from '../subject.js';
import { killAvailable, strikes, writers } from './failover.js';

const million = 1_000_000;
export const bigSize: Size = { users: million, followees: 10, posts: million, authors: million };
const quickSize: Size = { users: 5_000, followees: 10, posts: 5_000, authors: 5_000 };
const perSecond = 2_000;
const joinMs = 600_000;
const bytesPerMiB = 2 ** 20;
const settleMs = 3_000;

/** What the other subjects fill, too. */
export function sizeFor({ quick }: Bench): Size {
  return quick ? quickSize : bigSize;
}

export const bigStore: Subject = {
  name: 'big-store',
  what: 'A store of a million users, ten million follows and a million posts: its memory, an empty standby that joins while people post, a restart, a failover',
  async measure(bench) {
    const size = sizeFor(bench);
    const folder = await filledFolder(bench, size);
    await using cluster = await Cluster.plan(bench, { masters: 2, folder });
    const [first, second] = cluster.masters;
    if (first === undefined || second === undefined) throw new Error('two masters were planned');
    for (const member of [cluster.router, first]) member.start();
    await cluster.untilWhole();
    await bench.clock.sleep(settleMs, bench.stop);
    const idle = ownBytes(first.process?.pid ?? 0) / bytesPerMiB;
    bench.say(`  idle: ${idle.toFixed(0)} MiB`);
    const figures = [
      figure('memory/master', 'a master with that store, idle, without the mapped file', 'MiB', [idle]),
      ...(await joins(bench, cluster, bench.quick ? 1 : 2)),
      ...(await restarts(bench, cluster, bench.quick ? 1 : 5)),
      ...(await failovers(bench, cluster, bench.quick ? 2 : 6)),
    ];
    const after = cluster.masters.map((member) => ownBytes(member.process?.pid ?? 0) / bytesPerMiB);
    figures.push(figure('memory/after', 'both masters after all of this', 'MiB', after));
    return { figures, settings: { ...size, 'posts a second during the join': perSecond, writers } };
  },
};

/** Each time the second master begins with nothing. */
async function joins(bench: Bench, cluster: Cluster, rounds: number): Promise<readonly Figure[]> {
  const { clock } = bench;
  await using client = connect({ routers: cluster.routerAddress, user: 'poster' });
  await client.login();
  const post = () => client.post(someText);
  await paced({ clock, perSecond, forMs: settleMs }, post);
  const tookS: number[] = [];
  const p99: { before: number[]; meanwhile: number[]; rate: number[] } = {
    before: [],
    meanwhile: [],
    rate: [],
  };
  for (let round = 0; round < rounds; round++) {
    await empty(cluster);
    const before = await paced({ clock, perSecond, forMs: settleMs }, post);
    const { seconds, meanwhile } = await join(bench, cluster, client);
    tookS.push(seconds);
    p99.before.push(before.p99);
    p99.meanwhile.push(meanwhile.p99);
    p99.rate.push(meanwhile.rate);
    bench.say(`  join ${round + 1}/${rounds}: ${seconds.toFixed(1)} s`);
  }
  return [
    figure('join/in-sync', 'an empty standby joins', 's', tookS),
    figure('join/rate', 'posts meanwhile', '/s', p99.rate),
    figure('join/p99-before', 'p99 of a post before', 'ms', p99.before),
    figure('join/p99', 'p99 of a post meanwhile', 'ms', p99.meanwhile),
    figure('join/p99-ratio', 'p99 meanwhile ÷ before', '×', ratios(p99.meanwhile, p99.before)),
  ];
}

async function empty({ masters: [, second] }: Cluster): Promise<void> {
  await second?.stop();
  rmSync(second?.plan.dataDir ?? '', { recursive: true, force: true });
}

async function join(bench: Bench, cluster: Cluster, client: Client) {
  const { clock } = bench;
  let joined = false;
  const fromMs = clock.nowMs();
  cluster.masters[1]?.start();
  const whole = cluster.untilWhole(undefined, joinMs).finally(() => {
    joined = true;
  });
  const [meanwhile, seconds] = await Promise.all([
    paced({ clock, perSecond, forMs: joinMs, until: () => joined }, () => client.post(someText)),
    whole.then(() => (clock.nowMs() - fromMs) / 1_000),
  ]);
  return { seconds, meanwhile };
}

async function restarts(bench: Bench, cluster: Cluster, rounds: number): Promise<readonly Figure[]> {
  const tookS: number[] = [];
  for (let round = 0; round < rounds; round++) {
    await bench.clock.sleep(settleMs, bench.stop);
    const standby = await cluster.standby();
    const before = await cluster.status();
    const fromMs = bench.clock.nowMs();
    await standby.untilAgain(standby.signal('SIGKILL'));
    await cluster.untilWhole(before);
    tookS.push((bench.clock.nowMs() - fromMs) / 1_000);
  }
  return [figure('restart/in-sync', 'from kill -9 of a standby until it is in sync again', 's', tookS)];
}

/** Beside the same faults with a store that has nothing but the writers. */
async function failovers(bench: Bench, cluster: Cluster, rounds: number): Promise<readonly Figure[]> {
  const half = Math.ceil(rounds / 2);
  const small: number[] = [];
  const large: number[] = [];
  for (let turn = 0; turn < 2; turn++) {
    await using other = await Cluster.start(bench, { masters: 2 });
    small.push(...(await strikes(bench, killAvailable, other, half)).pauses);
    large.push(...(await strikes(bench, killAvailable, cluster, half)).pauses);
  }
  return [
    figure('big-failover/pause', 'kill -9 of the available master: longest pause', 'ms', large),
    figure('big-failover/small', 'the same with a small store', 'ms', small),
    figure('big-failover/ratio', 'with that store ÷ with a small one', '×', ratios(large, small)),
  ];
}
