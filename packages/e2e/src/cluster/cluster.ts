import { join } from 'node:path';
import { eventually } from '../eventually.js';
import type { Hosts } from '../network/hosts.js';
import { bin, root } from '../places.js';
import { freePorts } from '../processes/ports.js';
import type { Run } from '../processes/run.js';
import type { Available, Cluster as Described } from '../wire/messages.js';
import { Peer } from '../wire/peer.js';
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
  /** What every role sees besides. */
  readonly environment?: NodeJS.ProcessEnv;
  readonly routerFlags?: readonly string[];
  readonly masterFlags?: readonly string[];
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

  private constructor(run: Run, dir: string, router: Member, masters: readonly Member[]) {
    this.run = run;
    this.dir = dir;
    this.router = router;
    this.masters = masters;
    this.routerPeer = new Peer(router.address);
  }

  /** Everything is planned and nothing runs. */
  static async plan(run: Run, options: ClusterOptions = {}): Promise<Cluster> {
    const { masters = 2, guarded = true, minInSync = 1 } = options;
    const [routerPort = 0, ...masterPorts] = await freePorts(masters + 1);
    const dir = run.path(run.newName('cluster'));
    const { hosts } = options;
    const addressOf = (name: string, port: number): string => `${hosts?.ip(name) ?? '127.0.0.1'}:${port}`;
    const routerAddress = addressOf('router', routerPort);
    const plan = (role: MemberPlan['role'], name: string, port: number, flags: readonly string[]): Member => {
      const report = role === 'master' ? ['--report-to', routerAddress] : [];
      const watchdogFlags = [...report, ...hang, ...manyDeaths, ...(options.watchdogFlags ?? [])];
      return new Member(run, {
        name,
        role,
        address: addressOf(name, port),
        on: hosts?.on(name) ?? [],
        environment: options.environment ?? {},
        clusterDir: dir,
        flags,
        guarded,
        watchdogFlags,
        keeper: options.looped === true ? ['bash', loopScript] : [process.execPath, bin('watchdog')],
      });
    };
    const suspicion = options.patient === true ? ['--suspicion-ms', '2500'] : [];
    const lag = options.patient === true ? ['--lag-ms', '2500'] : [];
    const hang = options.patient === true ? ['--missed', '10'] : [];
    const routerFlags = ['--min-in-sync', String(minInSync), ...suspicion, ...(options.routerFlags ?? [])];
    const masterFlags = ['--router', routerAddress, ...suspicion, ...lag, ...(options.masterFlags ?? [])];
    return new Cluster(
      run,
      dir,
      plan('router', 'router', routerPort, routerFlags),
      masterPorts.map((port, index) => plan('master', `master-${index + 1}`, port, masterFlags)),
    );
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

  close(): void {
    this.routerPeer.close();
  }
}

/** A death that nobody has noticed yet would look like redundancy. */
function isLater(now: Described, before: Described | undefined): boolean {
  if (before === undefined || now.version > before.version) return true;
  const since = ({ masters }: Described): string =>
    JSON.stringify(masters.map(({ aliveSince }) => aliveSince));
  return since(now) !== since(before);
}
