import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { oneArena, smallHeap } from '@everline/chassis/small-process';
import { type Client, type ClusterStatus, connect } from '@everline/client';
import { eventually } from '../eventually.js';
import { bin } from '../places.js';
import type { Bench } from '../subject.js';
import { Member } from './member.js';
import { freePorts } from './ports.js';

export interface ClusterOptions {
  readonly masters: number;
  /** Further flags of the router and of every master. */
  readonly flags?: readonly string[];
  readonly masterFlags?: readonly string[];
  /** Every role serves metrics. */
  readonly metrics?: boolean;
  /** A folder that stays; else one of its own, gone at the end. */
  readonly folder?: string;
  /** For the roles' processes. */
  readonly environment?: Readonly<Record<string, string>>;
}

/** Longer than the slowest start of a store of millions. */
const upMs = 60_000;
/** The bench kills sooner and more often than anybody does: a watchdog would rightly hold the child back. */
const manyDeaths = ['--max-deaths', '1000', '--settled-ms', '0'];

/** A router and masters under their watchdogs, started as `everline up` starts them, on ports of their own. */
export class Cluster implements AsyncDisposable {
  readonly router: Member;
  readonly masters: readonly Member[];
  readonly client: Client;
  readonly #bench: Bench;
  readonly #folder: string;
  readonly #keeps: boolean;

  private constructor(bench: Bench, options: ClusterOptions, folder: string, ports: readonly number[]) {
    const [routerPort = 0, ...masterPorts] = ports.slice(0, 1 + options.masters);
    const spare = [...ports.slice(1 + options.masters)];
    const at = `127.0.0.1:${routerPort}`;
    const { flags = [], masterFlags = [], environment = {} } = options;
    const plan = (role: 'router' | 'master', name: string, port: number, own: readonly string[]): Member => {
      const address = `127.0.0.1:${port}`;
      const dataDir = join(folder, name);
      const report = role === 'master' ? ['--report-to', at] : [];
      const watch = ['--name', name, '--data', join(folder, 'watchdog'), '--child-data', dataDir];
      const metricsPort = spare.shift();
      const told = metricsPort === undefined ? [] : ['--metrics', `127.0.0.1:${metricsPort}`];
      const command = [process.execPath, ...smallHeap, bin(role), '--listen', address, '--data', dataDir];
      return new Member(bench, {
        name,
        address,
        metricsPort,
        dataDir,
        logFile: join(folder, `${name}.log`),
        environment: { ...oneArena, ...environment },
        command: [
          bin('watchdog'),
          ...watch,
          ...report,
          ...manyDeaths,
          '--',
          ...command,
          ...flags,
          ...own,
          ...told,
        ],
      });
    };
    this.#bench = bench;
    this.#folder = folder;
    this.#keeps = options.folder !== undefined;
    this.router = plan('router', 'router', routerPort, []);
    this.masters = masterPorts.map((port, index) =>
      plan('master', `master-${index + 1}`, port, ['--router', at, ...masterFlags]),
    );
    this.client = connect({ routers: at, user: 'operator' });
  }

  /** Up, every master in sync, and one serves: the router names it a moment before it does. */
  static async start(bench: Bench, options: ClusterOptions): Promise<Cluster> {
    const cluster = await Cluster.plan(bench, options);
    try {
      for (const member of cluster.members) member.start();
      await cluster.untilWhole();
      await cluster.client.login();
      return cluster;
    } catch (error) {
      await cluster[Symbol.asyncDispose]();
      throw error;
    }
  }

  /** Nothing runs yet. */
  static async plan(bench: Bench, options: ClusterOptions): Promise<Cluster> {
    const folder = options.folder ?? join(bench.scratch, bench.random.uuid());
    mkdirSync(join(folder, 'watchdog'), { recursive: true });
    const amount = (options.masters + 1) * (options.metrics === true ? 2 : 1);
    return new Cluster(bench, options, folder, await freePorts(amount, bench.random));
  }

  get members(): readonly Member[] {
    return [this.router, ...this.masters];
  }

  get routerAddress(): string {
    return this.router.plan.address;
  }

  status(): Promise<ClusterStatus> {
    return this.client.cluster({ timeoutMs: 1_000, signal: this.#bench.stop });
  }

  async available(): Promise<Member> {
    const { masters } = await this.status();
    return this.#at(masters.find(({ role, alive }) => role === 'available' && alive)?.address);
  }

  async standby(): Promise<Member> {
    const { masters } = await this.status();
    return this.#at(masters.find(({ role, alive }) => role === 'standby' && alive)?.address);
  }

  /** One available, all others in sync; with `before`, after something has changed since then. */
  async untilWhole(before?: ClusterStatus, deadlineMs = upMs): Promise<ClusterStatus> {
    const { clock, stop } = this.#bench;
    const wanted = this.masters.filter(({ started }) => started).length;
    return eventually(
      async () => {
        const now = await this.status();
        const whole = now.masters.filter(({ alive, inSync }) => alive && inSync);
        const served = whole.some(({ role }) => role === 'available');
        return served && whole.length === wanted && isLater(now, before) ? now : undefined;
      },
      { clock, stop, deadlineMs, what: `${wanted} masters are in sync` },
    );
  }

  #at(address: string | undefined): Member {
    const member = this.masters.find(({ plan }) => plan.address === address);
    if (member === undefined) throw new Error(`no master of this cluster is at ${address ?? 'no address'}`);
    return member;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.client.close();
    await Promise.all(this.members.map((member) => member.stop()));
    if (!this.#keeps) rmSync(this.#folder, { recursive: true, force: true });
  }
}

/** A death that nobody has noticed yet would look whole. */
function isLater(now: ClusterStatus, before: ClusterStatus | undefined): boolean {
  if (before === undefined || now.version > before.version) return true;
  const since = ({ masters }: ClusterStatus): string =>
    masters.map(({ aliveSinceMs }) => aliveSinceMs).join();
  return since(now) !== since(before);
}
