import { join } from 'node:path';
import { eventually } from '../eventually.js';
import type { Hosts } from '../network/hosts.js';
import { bin, root } from '../places.js';
import { freePorts } from '../processes/ports.js';
import type { Run } from '../processes/run.js';
import type { Available, Cluster as Described } from '../wire/messages.js';
import { Peer } from '../wire/peer.js';
import { type Lines, type LinesByName, noLines, openLines } from './lines.js';
import { masterName } from './master-name.js';
import { Member, type MemberPlan } from './member.js';

export interface ClusterOptions {
  readonly masters?: number;
  /** Every role under a pair of watchdogs, as people run it; else the suite starts and restarts the roles itself. */
  readonly guarded?: boolean;
  /** Each pair in the outermost loop, the Bash script of the seed. */
  readonly looped?: boolean;
  readonly minInSync?: number;
  /** Times that no busy machine exceeds, for scenarios whose subject is not the time. */
  readonly patient?: boolean;
  /** Each role on a host of its own, by its name: `router`, `master-1`, … */
  readonly hosts?: Hosts;
  /** Whoever comes to a master, and each master that comes to the router, comes over a line of its own. */
  readonly lines?: boolean;
  /** What a role and its watchdogs see besides, by its name. */
  readonly environment?: (name: string) => NodeJS.ProcessEnv;
  readonly routerFlags?: readonly string[];
  readonly masterFlags?: readonly string[];
  /** On the ports of that one, which must not run. */
  readonly at?: Cluster;
  readonly watchdogFlags?: readonly string[];
}

const upMs = 60_000;
const loopScript = join(root, 'scripts/keep-running.sh');
/** The suite kills sooner and more often than anybody does: a watchdog would rightly hold the child back (W5). */
const manyDeaths = ['--max-deaths', '1000', '--settled-ms', '0'];

/** A router and its masters, each a real process on a port of its own. */
export class Cluster {
  readonly run: Run;
  readonly router: Member;
  readonly masters: readonly Member[];
  readonly dir: string;
  private routerPeer: Peer;
  private readonly lines: LinesByName;

  private constructor(run: Run, dir: string, router: Member, masters: readonly Member[], lines: LinesByName) {
    this.run = run;
    this.dir = dir;
    this.router = router;
    this.masters = masters;
    this.lines = lines;
    this.routerPeer = new Peer(router.address);
  }

  /** Everything is planned and nothing runs. */
  static async plan(run: Run, options: ClusterOptions = {}): Promise<Cluster> {
    const { masters = 2, hosts, at } = options;
    const [routerPort = 0, ...masterPorts] = at === undefined ? await freePorts(masters + 1) : portsOf(at);
    const lines = options.lines === true ? await openLines(run, routerPort, masterPorts) : noLines;
    const dir = run.path(run.newName('cluster'));
    const addressOf = (name: string, port: number): string => `${hosts?.ip(name) ?? '127.0.0.1'}:${port}`;
    const router = addressOf('router', routerPort);
    const members = masterPorts.map((port, index) => {
      const name = masterName(index);
      const { front, toRouter } = lines.get(name) ?? {};
      const place = { name, listen: addressOf(name, port), address: front?.address ?? addressOf(name, port) };
      const about = { role: 'master', clusterDir: dir, reportTo: router } as const;
      const flags = ['--router', toRouter?.address ?? router, '--advertise', place.address];
      return new Member(
        run,
        planned(options, { ...place, ...about, flags: [...flags, ...masterFlags(options)] }),
      );
    });
    const place = { name: 'router', listen: router, address: router };
    const plan = planned(options, { ...place, role: 'router', clusterDir: dir, flags: routerFlags(options) });
    return new Cluster(run, dir, new Member(run, plan), members, lines);
  }

  /** Up, every master in sync. */
  static async start(run: Run, options: ClusterOptions = {}): Promise<Cluster> {
    const cluster = await Cluster.plan(run, options);
    cluster.startAll();
    await cluster.untilRedundant();
    return cluster;
  }

  startAll(): void {
    for (const member of this.members) member.start();
  }

  get members(): readonly Member[] {
    return [this.router, ...this.masters];
  }

  describe(deadlineMs = 2_000): Promise<Described> {
    return this.routerPeer.call('everline.router.v1.RouterService/DescribeCluster', {}, { deadlineMs });
  }

  /** The router's answer, as clients get it. */
  getAvailable(deadlineMs = 2_000): Promise<Available> {
    return this.routerPeer.call('everline.router.v1.RouterService/GetAvailable', {}, { deadlineMs });
  }

  switchover(to?: string): Promise<Available> {
    const request = to === undefined ? {} : { toMasterId: to };
    return this.routerPeer.call('everline.router.v1.RouterService/Switchover', request, {
      deadlineMs: 5_000,
    });
  }

  async available(): Promise<Member> {
    return this.at((await this.getAvailable()).address);
  }

  async standbys(): Promise<Member[]> {
    const available = await this.available();
    return this.masters.filter((master) => master !== available);
  }

  at(address: string): Member {
    const member = this.masters.find((master) => master.address === address);
    if (member === undefined) throw new Error(`no master of this cluster listens on ${address}`);
    return member;
  }

  /** Waits for a reign after `epoch`. */
  async untilMoved(epoch: number, deadlineMs = 30_000): Promise<Available> {
    return eventually(
      async () => {
        const now = await this.getAvailable(500);
        return now.epoch > epoch ? now : undefined;
      },
      deadlineMs,
      `a master is available in an epoch after ${epoch}`,
    );
  }

  /** One available, all others in sync with it, nobody gone; with `before`, after something has changed since then. */
  async untilRedundant(before?: Described, deadlineMs = upMs): Promise<Described> {
    let last: Described | undefined;
    return eventually(
      async () => {
        const now = await this.describe(1_000);
        last = now;
        const whole = now.masters.filter(({ alive, inSync }) => alive && inSync);
        const available = whole.filter(({ role }) => role === 'MASTER_ROLE_AVAILABLE');
        const all = whole.length === this.masters.length && now.liveCopies === this.masters.length;
        return all && available.length === 1 && isLater(now, before) ? now : undefined;
      },
      deadlineMs,
      () => `every master is in sync: ${JSON.stringify(last?.masters ?? 'no answer from the router')}`,
    );
  }

  /** The lines of a master, when it has some. */
  linesOf({ name }: Member): Lines {
    const lines = this.lines.get(name);
    if (lines === undefined) throw new Error(`${name} has no lines`);
    return lines;
  }

  close(): void {
    this.routerPeer.close();
  }
}

function portsOf({ members }: Cluster): number[] {
  return members.map(({ plan }) => Number(plan.listen.slice(plan.listen.lastIndexOf(':') + 1)));
}

type Planned = Pick<MemberPlan, 'name' | 'role' | 'listen' | 'address' | 'clusterDir' | 'flags'>;

function planned(
  { guarded = true, hosts, environment, looped, patient, watchdogFlags = [] }: ClusterOptions,
  { reportTo, ...plan }: Planned & { readonly reportTo?: string },
): MemberPlan {
  const report = reportTo === undefined ? [] : ['--report-to', reportTo];
  const hang = patient === true ? ['--missed', '10'] : [];
  return {
    ...plan,
    on: hosts?.on(plan.name) ?? [],
    environment: environment?.(plan.name) ?? {},
    guarded,
    watchdogFlags: [...report, ...hang, ...manyDeaths, ...watchdogFlags],
    keeper: looped === true ? ['bash', loopScript] : [process.execPath, bin('watchdog')],
  };
}

const patience = ['--suspicion-ms', '2500'];

function routerFlags({ minInSync = 1, patient, routerFlags = [] }: ClusterOptions): readonly string[] {
  return ['--min-in-sync', String(minInSync), ...(patient === true ? patience : []), ...routerFlags];
}

function masterFlags({ patient, masterFlags = [] }: ClusterOptions): readonly string[] {
  return [...(patient === true ? [...patience, '--lag-ms', '2500'] : []), ...masterFlags];
}

/** A death that nobody has noticed yet would look like redundancy. */
function isLater(now: Described, before: Described | undefined): boolean {
  if (before === undefined || now.version > before.version) return true;
  const since = ({ masters }: Described): string =>
    JSON.stringify(masters.map(({ aliveSince }) => aliveSince));
  return since(now) !== since(before);
}
