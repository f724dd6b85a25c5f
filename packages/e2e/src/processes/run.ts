import { randomUUID } from 'node:crypto';
import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { argumentAfter, programOf } from '../cluster/recognise.js';
import { eventually } from '../eventually.js';
import {
  canCount,
  isAlive,
  markedProcesses,
  namedSockets,
  openDescriptors,
  type ProcessEntry,
  processEntry,
  signalProcess,
  zombiesOf,
} from './census.js';
import { Child, type ChildOptions } from './child.js';

/** The longest grace of a role, and as much again for a busy machine. */
const endingMs = 25_000;
const keep = process.env.EVERLINE_E2E_KEEP !== undefined;

/**
 * Everything one file of scenarios starts: a folder, and processes that carry its marker, so that each descendant is
 * found whatever became of its parents.
 */
export class Run {
  readonly folder: string;
  readonly marker: string;
  private readonly children: Child[] = [];
  private readonly seen = new Map<number, ProcessEntry>();
  private readonly locks = new Set<string>();
  private readonly endings: (() => void | Promise<void>)[] = [];
  private sections = 0;

  constructor(name: string) {
    this.folder = mkdtempSync(join(tmpdir(), `everline-e2e-${name}-`));
    this.marker = `EVERLINE_TEST_RUN=${randomUUID()}`;
  }

  /** What a child sees: this process's environment without anything that would steer the product, and the marker. */
  environment(more: NodeJS.ProcessEnv = {}): NodeJS.ProcessEnv {
    const kept = Object.entries(process.env).filter(
      ([name]) => !/^(EVERLINE_|NODE_OPTIONS$|XDG_)/.test(name),
    );
    const [name = '', value = ''] = this.marker.split('=');
    return {
      ...Object.fromEntries(kept),
      XDG_CONFIG_HOME: join(this.folder, 'config'),
      XDG_DATA_HOME: join(this.folder, 'share'),
      NO_COLOR: '1',
      TZ: 'America/Chicago',
      ...more,
      [name]: value,
    };
  }

  start(command: readonly string[], options: Partial<ChildOptions> = {}): Child {
    const child = new Child(command, { ...options, environment: this.environment(options.environment) });
    this.children.push(child);
    return child;
  }

  /** What has to be closed before nothing may be left. */
  atEnd(close: () => void | Promise<void>): void {
    this.endings.push(close);
  }

  /** A folder of its own below the run's. */
  path(...parts: string[]): string {
    return join(this.folder, ...parts);
  }

  newName(prefix: string): string {
    this.sections += 1;
    return `${prefix}-${this.sections}`;
  }

  /** Looks at every living process of this run, and remembers it and the locks it holds. */
  census(): ProcessEntry[] {
    const entries = markedProcesses(this.marker).filter(({ state }) => state !== 'Z');
    const sockets = namedSockets();
    for (const entry of entries) {
      this.seen.set(entry.pid, entry);
      for (const target of openDescriptors(entry.pid)) {
        const name = sockets.get(target);
        if (name !== undefined) this.locks.add(name);
      }
    }
    return canCount
      ? entries
      : this.children.flatMap(({ pid, exit }) => (exit ? [] : (processEntry(pid) ?? [])));
  }

  /** Dead children that a process of this run has not reaped. */
  zombies(): ProcessEntry[] {
    return zombiesOf(new Set(this.census().map(({ pid }) => pid)));
  }

  /** Asks what the suite started to end, in the order last come first; then nothing of it may be left. */
  async end(): Promise<void> {
    this.census();
    for (const close of this.endings.toReversed()) await close();
    for (const entry of this.census()) if (entry.state === 'T') signalProcess(entry, 'SIGCONT');
    this.askAllToEnd();
    const left = await this.untilEmpty();
    const stale = await this.untilUnlocked();
    for (const entry of left) signalProcess(entry, 'SIGKILL');
    const litter = left.length > 0 ? [] : this.litter();
    if (!keep) rmSync(this.folder, { recursive: true, force: true });
    const findings = [
      ...left.map(({ pid, argv }) => `orphan: ${pid} ${argv.join(' ')}`),
      ...stale.map((name) => `lock still held: ${name}`),
      ...litter.map((path) => `left in the folder: ${path}`),
    ];
    if (findings.length > 0) throw new Error(`the run did not end cleanly:\n${findings.join('\n')}`);
  }

  /**
   * One signal to each: a second one would mean “now”. Of a pair that is not ours any more, because a scenario killed
   * its keeper, one watchdog is told; of what nobody watches, the process itself.
   */
  private askAllToEnd(): void {
    const told = new Set<number>();
    for (const child of this.children.toReversed()) if (child.signal('SIGTERM')) told.add(child.pid);
    const isWatchdog = ({ argv }: ProcessEntry): boolean => programOf(argv) === 'watchdog';
    const subject = ({ argv }: ProcessEntry): string | undefined =>
      argumentAfter(argv, '--child-data') ?? argumentAfter(argv, '--data');
    const entries = this.census().sort((a, b) => Number(isWatchdog(b)) - Number(isWatchdog(a)));
    const cared = new Set(entries.filter(({ pid }) => told.has(pid)).map(subject));
    for (const entry of entries) {
      const about = subject(entry);
      if (told.has(entry.pid) || (about !== undefined && cared.has(about))) continue;
      cared.add(about);
      signalProcess(entry, 'SIGTERM');
    }
  }

  private async untilEmpty(): Promise<ProcessEntry[]> {
    try {
      await eventually(() => this.census().length === 0, endingMs, 'every process of the run has ended');
      return [];
    } catch {
      return this.census().filter(isAlive);
    }
  }

  private async untilUnlocked(): Promise<string[]> {
    const held = (): string[] => {
      const names = new Set(namedSockets().values());
      return [...this.locks].filter((name) => names.has(name));
    };
    await eventually(() => held().length === 0, 10_000, 'no lock is held').catch(() => {});
    return held();
  }

  /** Files that only a process at work may have. */
  private litter(): string[] {
    if (!existsSync(this.folder)) return [];
    return readdirSync(this.folder, { recursive: true, encoding: 'utf8' }).filter((path) =>
      /(\.pid|\.sock|\.tmp|\.draft)$|\.probe-/.test(path),
    );
  }
}
