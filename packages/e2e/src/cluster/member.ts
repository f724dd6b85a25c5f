import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { eventually } from '../eventually.js';
import { bin } from '../places.js';
import { isAlive, type ProcessEntry, processEntry, signalProcess } from '../processes/census.js';
import type { Child } from '../processes/child.js';
import type { Run } from '../processes/run.js';
import { argumentAfter, programOf } from './recognise.js';

export interface MemberPlan {
  readonly name: string;
  readonly role: 'router' | 'master';
  /** Where others find it. */
  readonly address: string;
  readonly listen: string;
  /** Of the whole cluster; the member's own is below it. */
  readonly clusterDir: string;
  /** For the role's bin, besides address and data. */
  readonly flags: readonly string[];
  /** What precedes its command: nothing, or the way to its host. */
  readonly on: readonly string[];
  /** Seen by the role, besides what all see. */
  readonly environment: NodeJS.ProcessEnv;
  /** Under a pair of watchdogs, or by itself. */
  readonly guarded: boolean;
  readonly watchdogFlags: readonly string[];
  /** Runs the pair: the watchdog's own bin, or a loop around it. */
  readonly keeper: readonly string[];
}

/** As `everline up` starts its roles. */
const smallHeap = ['--max-semi-space-size=2', '--heap-growing-percent=50'];
const oneArena = { MALLOC_ARENA_MAX: '1' };

/** The router, or one master: found by its data directory, whoever started it. */
export class Member {
  readonly plan: MemberPlan;
  readonly dataDir: string;
  private readonly run: Run;
  /** What was started last: the role itself, or its keeper. */
  started: Child | undefined;
  private known: ProcessEntry | undefined;

  constructor(run: Run, plan: MemberPlan) {
    this.run = run;
    this.plan = plan;
    this.dataDir = join(plan.clusterDir, plan.name);
  }

  get name(): string {
    return this.plan.name;
  }

  get address(): string {
    return this.plan.address;
  }

  /** What the role's own process writes to. */
  get logFile(): string {
    return this.plan.guarded
      ? join(this.plan.clusterDir, 'watchdog', this.name, 'output.log')
      : join(this.plan.clusterDir, `${this.name}.log`);
  }

  /** Starts a pair, or the role alone, with further flags for the role. */
  start(moreFlags: readonly string[] = []): Child {
    const { role, listen, clusterDir, flags, guarded, watchdogFlags, keeper, on } = this.plan;
    const environment = { ...oneArena, ...this.plan.environment };
    mkdirSync(clusterDir, { recursive: true });
    const own = [
      process.execPath,
      ...smallHeap,
      bin(role),
      '--listen',
      listen,
      '--data',
      this.dataDir,
      ...flags,
      ...moreFlags,
    ];
    if (!guarded) {
      this.started = this.run.start([...on, ...own], {
        logFile: this.logFile,
        environment,
      });
      return this.started;
    }
    const watchdogDir = join(clusterDir, 'watchdog');
    mkdirSync(watchdogDir, { recursive: true });
    const about = ['--name', this.name, '--data', watchdogDir, '--child-data', this.dataDir];
    this.started = this.run.start([...on, ...keeper, ...about, ...watchdogFlags, '--', ...own], {
      logFile: join(clusterDir, `watchdog-${this.name}.log`),
      detached: true,
      environment,
    });
    return this.started;
  }

  /** The living process of the role itself. */
  find(): ProcessEntry | undefined {
    if (this.known !== undefined && isAlive(this.known)) return processEntry(this.known.pid);
    [this.known] = this.copies();
    return this.known;
  }

  /** Every process of this role on this data directory; more than one is never right. */
  copies(): ProcessEntry[] {
    return this.run
      .census()
      .filter(
        ({ argv }) => programOf(argv) === this.plan.role && argumentAfter(argv, '--data') === this.dataDir,
      );
  }

  process(): ProcessEntry {
    const entry = this.find();
    if (entry === undefined) throw new Error(`${this.name} does not run`);
    return entry;
  }

  /** Keeper and guardian, the one that runs the child first. */
  watchdogs(): ProcessEntry[] {
    const parent = this.find()?.parent;
    return this.run
      .census()
      .filter(
        ({ argv }) => programOf(argv) === 'watchdog' && argumentAfter(argv, '--child-data') === this.dataDir,
      )
      .sort((a, b) => Number(b.pid === parent) - Number(a.pid === parent));
  }

  signal(signal: NodeJS.Signals): ProcessEntry {
    const entry = this.process();
    if (!signalProcess(entry, signal)) throw new Error(`${this.name} ended before ${signal} reached it`);
    return entry;
  }

  /** kill -9; resolves when the process is gone. */
  async kill(): Promise<ProcessEntry> {
    const entry = this.signal('SIGKILL');
    await this.untilGone(entry);
    return entry;
  }

  /** A new disk; nothing may run on it. */
  wipe(): void {
    rmSync(this.dataDir, { recursive: true, force: true });
  }

  async untilGone(entry: ProcessEntry, deadlineMs = 20_000): Promise<void> {
    await eventually(() => !isAlive(entry), deadlineMs, `${this.name} (pid ${entry.pid}) has ended`);
  }

  /** Another process than `before` runs this role. */
  async untilRestarted(before: ProcessEntry, deadlineMs = 30_000): Promise<ProcessEntry> {
    return eventually(
      () => {
        const now = this.find();
        return now !== undefined && now.pid !== before.pid ? now : undefined;
      },
      deadlineMs,
      `${this.name} runs again`,
    );
  }
}
