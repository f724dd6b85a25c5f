import type { ClusterStatus } from '@everline/client';
import { Cluster } from '../cluster/cluster.js';
import type { Member } from '../cluster/member.js';
import { type Count, Writers } from '../load/writers.js';
import { longestPause, quantile } from '../statistics.js';
import type { Bench, Figure, Measured, Subject } from '../subject.js';

export const writers = 16;
const warmUpMs = 2_000;
/** Before the fault; its moment is chance. */
const steadyMs = 400;
const spreadMs = 300;
/** Acknowledgements have flowed for so long: it is over. */
const flowMs = 600;
const longestMs = 20_000;

/** One kind of fault: how it is done, and what brings the cluster back. */
export interface Fault {
  readonly name: string;
  readonly what: string;
  readonly flags?: readonly string[];
  inject(cluster: Cluster): Promise<Restore>;
}
/** After the pause was seen. */
type Restore = (before: ClusterStatus) => Promise<unknown>;

const strike = (who: 'available' | 'standby', signal: NodeJS.Signals) => async (cluster: Cluster) => {
  const member = await cluster[who]();
  return restoreAfter(cluster, member, signal);
};

function restoreAfter(cluster: Cluster, member: Member, signal: NodeJS.Signals): Restore {
  const struck = member.signal(signal);
  return async (before) => {
    if (signal === 'SIGSTOP') member.signal('SIGCONT');
    else await member.untilAgain(struck);
    return cluster.untilWhole(before);
  };
}

const quickSuspicion = ['--suspicion-ms', '100', '--ping-ms', '20'];

export const killAvailable: Fault = {
  name: 'kill',
  what: 'kill -9 of the available master',
  inject: strike('available', 'SIGKILL'),
};

const faults: readonly Fault[] = [
  killAvailable,
  { name: 'switchover', what: 'switchover', inject: switchover },
  { name: 'term', what: 'SIGTERM of the available master', inject: strike('available', 'SIGTERM') },
  { name: 'stop', what: 'SIGSTOP of the available master', inject: strike('available', 'SIGSTOP') },
  {
    name: 'stop-100',
    what: 'SIGSTOP of the available master, suspicion 100 ms',
    flags: quickSuspicion,
    inject: strike('available', 'SIGSTOP'),
  },
  { name: 'standby-kill', what: 'kill -9 of the standby', inject: strike('standby', 'SIGKILL') },
  { name: 'standby-stop', what: 'SIGSTOP of the standby', inject: strike('standby', 'SIGSTOP') },
  { name: 'router-kill', what: 'kill -9 of the router', inject: killRouter },
];

async function switchover(cluster: Cluster): Promise<Restore> {
  await cluster.client.switchover();
  return (before) => cluster.untilWhole(before);
}

async function killRouter(cluster: Cluster): Promise<Restore> {
  const struck = cluster.router.signal('SIGKILL');
  return async () => {
    await cluster.router.untilAgain(struck);
    return cluster.untilWhole();
  };
}

/** A subject for each fault, so that `--only` can choose one. */
export const failover: readonly Subject[] = faults.map((fault) => ({
  name: `failover-${fault.name}`,
  what: `${fault.what}, ${writers} clients posting: the longest pause between acknowledgements`,
  measure: (bench) => measure(bench, fault),
}));

async function measure(bench: Bench, fault: Fault): Promise<Measured> {
  const rounds = bench.quick ? 1 : 20;
  const { flags = [] } = fault;
  const masterFlags = flags.length > 0 ? ['--lease-ms', '60'] : [];
  await using cluster = await Cluster.start(bench, { masters: 2, flags, masterFlags });
  const { pauses, steady, failed, count } = await strikes(bench, fault, cluster, rounds);
  const subject = `failover-${fault.name}`;
  const figures: Figure[] = [
    { id: `${subject}/pause`, what: 'longest pause', unit: 'ms', values: pauses },
    { id: `${subject}/steady`, what: 'a post before the fault, p50', unit: 'ms', values: steady },
    { id: `${subject}/failed`, what: 'failed calls', unit: 'calls', values: [failed] },
    {
      id: `${subject}/acknowledged`,
      what: 'acknowledged posts',
      unit: 'posts',
      values: [count.acknowledged],
    },
    { id: `${subject}/lost`, what: 'of them lost', unit: 'posts', values: [count.lost] },
    { id: `${subject}/doubled`, what: 'of them doubled', unit: 'posts', values: [count.doubled] },
  ];
  return { figures, settings: { writers, flags: flags.length > 0 ? flags.join(' ') : 'defaults' } };
}

export interface Strikes {
  readonly pauses: readonly number[];
  readonly steady: readonly number[];
  readonly failed: number;
  readonly count: Count;
}

/** The same fault again and again, while all write. */
export async function strikes(
  bench: Bench,
  fault: Fault,
  cluster: Cluster,
  rounds: number,
): Promise<Strikes> {
  await using load = new Writers(bench, cluster.routerAddress, writers);
  await load.start();
  await bench.clock.sleep(warmUpMs, bench.stop);
  const pauses: number[] = [];
  const steady: number[] = [];
  for (let round = 0; round < rounds; round++) {
    load.forget();
    await bench.clock.sleep(steadyMs + bench.random.next() * spreadMs, bench.stop);
    steady.push(quantile(load.tookMs, 0.5));
    pauses.push(await strikeOnce(bench, fault, cluster, load));
    bench.say(`  ${fault.name} ${round + 1}/${rounds}: ${pauses.at(-1)?.toFixed(1)} ms`);
  }
  const count = await load.count();
  return { pauses, steady, failed: load.failed, count };
}

/** The pause of one fault; the cluster is whole again afterwards. */
async function strikeOnce(bench: Bench, fault: Fault, cluster: Cluster, load: Writers): Promise<number> {
  const { clock, stop } = bench;
  const before = await cluster.status();
  const fromMs = clock.nowMs();
  const restore = await fault.inject(cluster);
  const sinceMs = clock.nowMs();
  for (let flowsFromMs = sinceMs; clock.nowMs() - flowsFromMs < flowMs; ) {
    await clock.sleep(20, stop);
    if (clock.nowMs() - load.lastMs > 100) flowsFromMs = clock.nowMs();
    if (clock.nowMs() - fromMs > longestMs) break;
  }
  const pauseMs = longestPause(load.acknowledgedMs, fromMs, clock.nowMs());
  await restore(before);
  return pauseMs;
}
