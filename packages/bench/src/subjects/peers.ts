import { accessSync, constants, existsSync, mkdirSync, readFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { processEnvironment } from '@everline/chassis/environment';
import { connect } from '@everline/client';
import { Child } from '../cluster/child.js';
import { Cluster } from '../cluster/cluster.js';
import { ratesOf } from '../load/rates.js';
import { someText } from '../load/text.js';
import { postgresqlPrograms, postgresqlRates } from '../peers/postgresql.js';
import { figure } from '../rounds.js';
import { median } from '../statistics.js';
import type { Bench, Figure, Measured, Subject } from '../subject.js';
import { killAvailable, strikes, writers } from './failover.js';

interface Peer {
  readonly name: string;
  readonly script: string;
  /** What it runs, looked for on the PATH. */
  readonly programs: readonly string[];
  readonly modules: readonly string[];
  /** Settings that lose nothing, as far as it has them. */
  readonly configs: Readonly<Record<string, string>>;
}

/** Which of each peer's cases are compared, by the names of the bars. */
const peers: readonly Peer[] = [
  {
    name: 'etcd',
    script: 'etcd.mjs',
    programs: ['etcd'],
    modules: ['etcd3', 'cockatiel'],
    configs: { 'etcd-fast': 'hb10-el100', etcd: 'hb100-el1000' },
  },
  {
    name: 'redis',
    script: 'redis.mjs',
    programs: ['redis-server'],
    modules: ['ioredis'],
    configs: { redis: 'down500-safe' },
  },
  {
    name: 'nats',
    script: 'nats.mjs',
    programs: ['nats-server'],
    modules: ['nats'],
    configs: { nats: 'R3' },
  },
];

/** Only with `--peers`. */
export const peersIn = (folder: string): Subject => ({
  name: 'peers',
  what: `What people would use instead, by its scripts, in turns with Everline: kill -9 of whoever takes writes, and records a second, with ${writers} writers`,
  measure: (bench) => measure(bench, folder),
});

async function measure(bench: Bench, folder: string): Promise<Measured> {
  const rounds = bench.quick ? 1 : 5;
  const figures: Figure[] = [];
  const skipped: Record<string, string> = {};
  for (const peer of peers) {
    const why = missing(peer, folder);
    if (why !== undefined) {
      bench.say(`  ${peer.name}: left out, ${why}`);
      skipped[`${peer.name} left out`] = why;
      continue;
    }
    for (const [name, config] of Object.entries(peer.configs))
      figures.push(...(await beside(bench, { folder, peer, name, config, rounds })));
  }
  const programs = postgresqlPrograms();
  if (programs === undefined) skipped['postgresql left out'] = 'it is not installed';
  else figures.push(...(await besidePostgresql(bench, programs, rounds)));
  return { figures, settings: { writers, ...skipped } };
}

/** Why it cannot run here. */
function missing({ script, programs, modules }: Peer, folder: string): string | undefined {
  if (!existsSync(join(folder, script))) return `${script} is not in the folder`;
  for (const program of programs) if (!onPath(program)) return `${program} is not on the PATH`;
  for (const name of modules)
    if (!existsSync(join(folder, 'node_modules', name))) return `${name} is not installed in the folder`;
  return undefined;
}

function onPath(program: string): boolean {
  const places = (processEnvironment().PATH ?? '').split(delimiter);
  return places.some((place) => {
    try {
      accessSync(join(place, program), constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });
}

interface Case {
  readonly folder: string;
  readonly peer: Peer;
  /** As figures name it. */
  readonly name: string;
  readonly config: string;
  readonly rounds: number;
}

/** Ours before and after theirs. */
async function beside(bench: Bench, one: Case): Promise<readonly Figure[]> {
  const { name, config } = one;
  const before = await ours(bench, Math.ceil(one.rounds / 2));
  const theirs = await run(bench, one);
  const after = await ours(bench, Math.ceil(one.rounds / 2));
  const pauses = [...before.pauses, ...after.pauses];
  const rates = [...before.rates, ...after.rates];
  bench.say(`  ${name}: ${theirs.pauses.map((ms) => ms.toFixed(0)).join(', ')} ms`);
  return [
    figure(`peers/${name}-pause`, `${name} ${config}: pause of kill -9`, 'ms', theirs.pauses),
    figure(`peers/${name}-ours`, `Everline beside ${name}: pause of kill -9`, 'ms', pauses),
    figure(
      `peers/${name}-ratio`,
      `${name} ÷ Everline: pause`,
      '×',
      theirs.pauses.map((ms) => ms / median(pauses)),
    ),
    ...rateFigures(name, config, theirs.rates, rates),
  ];
}

/** Who fails over there is another program: only its records a second are compared. */
async function besidePostgresql(bench: Bench, programs: string, rounds: number): Promise<readonly Figure[]> {
  const half = Math.ceil(rounds / 2);
  const before = await oursWithoutFaults(bench, half);
  const theirs = await postgresqlRates(bench, programs, writers, rounds);
  const after = await oursWithoutFaults(bench, half);
  return rateFigures('postgresql', 'with a synchronous standby', theirs, [...before, ...after]);
}

function rateFigures(
  name: string,
  config: string,
  theirs: readonly number[],
  rates: readonly number[],
): readonly Figure[] {
  return [
    figure(`peers/${name}-rate`, `${name} ${config}: records`, '/s', theirs),
    figure(`peers/${name}-rate-ours`, `Everline beside ${name}: posts`, '/s', rates),
    figure(
      `peers/${name}-rate-ratio`,
      `Everline ÷ ${name}: records`,
      '×',
      rates.map((rate) => rate / median(theirs)),
    ),
  ];
}

async function ours(bench: Bench, rounds: number) {
  await using cluster = await Cluster.start(bench, { masters: 2 });
  const rates = await oursAt(bench, cluster, rounds);
  const { pauses } = await strikes(bench, killAvailable, cluster, rounds);
  return { rates, pauses };
}

async function oursWithoutFaults(bench: Bench, rounds: number): Promise<readonly number[]> {
  await using cluster = await Cluster.start(bench, { masters: 2 });
  return await oursAt(bench, cluster, rounds);
}

async function oursAt(bench: Bench, cluster: Cluster, rounds: number): Promise<readonly number[]> {
  await using client = connect({ routers: cluster.routerAddress, user: 'author' });
  await client.login();
  return await ratesOf(bench, writers, rounds, () => client.post(someText));
}

/** One script, one case: its results are a line of JSON. */
async function run(bench: Bench, { folder, peer, name, config, rounds }: Case) {
  const home = join(bench.scratch, `peer-${name}`);
  mkdirSync(home, { recursive: true });
  const child = new Child([join(folder, peer.script), `${config}/kill/${writers}`], join(home, 'log'), {
    PEERS_HOME: home,
    RUNS: String(rounds),
  });
  const stop = (): void => void child.stop(bench.clock);
  bench.stop.addEventListener('abort', stop, { once: true });
  await child.untilEnded().finally(() => bench.stop.removeEventListener('abort', stop));
  const lines = readFileSync(join(home, 'results', `${peer.name}.jsonl`), 'utf8')
    .trim()
    .split('\n');
  const { detail } = JSON.parse(lines.at(-1) ?? '') as { readonly detail: readonly Ran[] };
  const good = detail.filter(({ error }) => error === undefined);
  return { pauses: good.map(({ gapMs }) => gapMs), rates: good.map(({ steady }) => steady.wps) };
}

/** One run, as the scripts write it. */
interface Ran {
  readonly error?: string;
  readonly gapMs: number;
  readonly steady: { readonly wps: number };
}
