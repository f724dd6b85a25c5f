/** A folder of its own for real watchdogs and real children; at the end nothing of it runs any more, or the test fails. */
import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Clock, systemClock } from '@everline/chassis/clock';
import type { PairStatus } from '../src/keeper/status.js';
import { homeOf } from '../src/settings.js';
import { askStatus } from '../src/verbs/ask.js';
import { stop } from '../src/verbs/stop.js';
import type { Verb } from '../src/verbs/verb.js';
import { eventually } from './eventually.js';

export const mainPath = fileURLToPath(new URL('../src/main.js', import.meta.url));
const speakerPath = fileURLToPath(new URL('./children/speaker.js', import.meta.url));

export interface Ended {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

export interface Started {
  readonly pid: number;
  readonly process: ChildProcess;
  /** The JSON lines that it wrote to stdout, so far. */
  announced(): readonly Event[];
  stdout(): string;
  stderr(): string;
  readonly ended: Promise<Ended>;
}

/** A line of watchdog.log. */
export type Event = Readonly<Record<string, unknown>> & { readonly event: string; readonly watchdog: number };

export interface VerbResult {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Where nobody hangs nobody is called hung, however busy the machine is. */
const patient = ['--missed', '60'];
/** For a test of a hang: noticed after two seconds, which one that merely shares the machine with others does not take to answer. */
export const hangs = ['--ping-ms', '500', '--missed', '4'];
/** Awake often, and patient all the same: for a test of what is forgiven. */
export const forgiving = ['--ping-ms', '100', '--missed', '100'];

export class Stage implements AsyncDisposable {
  readonly dir = mkdtempSync(join(tmpdir(), 'everline-watchdog-'));

  readonly data = join(this.dir, 'watchdog');
  readonly childData = join(this.dir, 'child');

  /** The command of a child that opens a control socket; see children/speaker.ts for what it can do. */
  speaker(...flags: string[]): string[] {
    return [process.execPath, speakerPath, this.childData, ...flags];
  }

  /** One watchdog in the foreground. */
  start(
    name: string,
    flags: readonly string[],
    command: readonly string[],
    nodeFlags: readonly string[] = [],
  ): Started {
    const args = [
      ...nodeFlags,
      mainPath,
      '--name',
      name,
      '--data',
      this.data,
      ...patient,
      ...flags,
      '--',
      ...command,
    ];
    return follow(spawn(process.execPath, args, { cwd: this.dir, stdio: ['ignore', 'pipe', 'pipe'] }));
  }

  /** With a control socket. */
  startSpeaker(name: string, flags: readonly string[] = [], speakerFlags: readonly string[] = []): Started {
    return this.start(name, ['--child-data', this.childData, ...flags], this.speaker(...speakerFlags));
  }

  verb(...args: string[]): Promise<VerbResult> {
    return this.#run([...args, '--data', this.data]);
  }

  /** A verb in this very process, where no process of its own is the subject; resolves with what it printed. */
  async carryOut(verb: Verb, args: readonly string[], clock: Clock = systemClock): Promise<string> {
    let printed = '';
    const print = async (text: string | Uint8Array): Promise<boolean> => {
      printed += text;
      return true;
    };
    const { signal } = new AbortController();
    await verb([...args, '--data', this.data], { clock, defaultDataDir: this.data, stop: signal, print });
    return printed;
  }

  /** `unit` and what else takes a command at its end. */
  unit(...args: string[]): Promise<VerbResult> {
    return this.#run(args[0] === '--help' ? args : ['unit', '--data', this.data, ...args]);
  }

  /** A verb that does not end by itself. */
  follow(...args: string[]): Started {
    const argv = [mainPath, ...args, '--data', this.data];
    return follow(spawn(process.execPath, argv, { cwd: this.dir, stdio: ['ignore', 'pipe', 'pipe'] }));
  }

  #run(args: readonly string[]): Promise<VerbResult> {
    return new Promise((resolve) => {
      execFile(process.execPath, [mainPath, ...args], { cwd: this.dir }, (error, stdout, stderr) =>
        resolve({
          code: typeof error?.code === 'number' ? error.code : error === null ? 0 : -1,
          stdout,
          stderr,
        }),
      );
    });
  }

  status(name: string): Promise<PairStatus> {
    return askStatus({ name, home: homeOf(this.data, name) }, systemClock);
  }

  /** A pair that is complete: keeper, guardian, and a child that is ready. */
  complete(name: string, other: (status: PairStatus) => boolean = () => true): Promise<Complete> {
    return eventually(
      `${name} is complete`,
      async () => {
        const status = await this.status(name);
        const { keeper, guardian, child } = status;
        const all =
          keeper !== null && guardian !== null && child.state === 'ready' && child.pid !== undefined;
        // A keeper may not have noticed yet that one of them died.
        const alive = all && [keeper, guardian.pid, child.pid].every(isAlive);
        return alive && other(status) && { keeper, guardian: guardian.pid, child: child.pid, status };
      },
      20_000,
    );
  }

  events(name: string, event?: string): readonly Event[] {
    const path = join(this.data, name, 'watchdog.log');
    if (!existsSync(path)) return [];
    const lines = readFileSync(path, 'utf8').split('\n').filter(Boolean);
    const events = lines.map((line) => JSON.parse(line) as Event);
    return event === undefined ? events : events.filter((one) => one.event === event);
  }

  /** Waits for the nth line of a kind. */
  event(name: string, event: string, nth = 1, deadlineMs = 20_000): Promise<Event> {
    return eventually(
      `${event} number ${nth} of ${name}`,
      () => this.events(name, event)[nth - 1],
      deadlineMs,
    );
  }

  output(name: string, suffix = ''): string {
    return readFileSync(join(this.data, name, `output.log${suffix}`), 'utf8');
  }

  /** Every process that was started in this folder and lives, by its command line. */
  processes(): readonly { readonly pid: number; readonly command: string }[] {
    return readdirSync('/proc')
      .filter((name) => /^\d+$/.test(name))
      .map((name) => ({ pid: Number(name), command: commandOf(name) }))
      .filter(({ command }) => command.includes(this.dir));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const stopped = await this.carryOut(stop, ['--all', '--now']).catch(String);
    const left = this.processes();
    // Guardians first, then keepers, then children would race; killed at once, none can start another.
    for (const { pid } of left) kill(pid, 'SIGSTOP');
    for (const { pid } of this.processes()) kill(pid, 'SIGKILL');
    await eventually('all processes of the stage are gone', () => this.processes().length === 0);
    rmSync(this.dir, { recursive: true, force: true });
    if (left.length > 0) throw new Error(`left behind: ${JSON.stringify(left)} by stop: ${stopped}`);
  }
}

export interface Complete {
  readonly keeper: number;
  readonly guardian: number;
  readonly child: number;
  readonly status: PairStatus;
}

export function kill(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch {
    // It has ended by itself.
  }
}

/** Alive by the kernel's word; a zombie is not. */
export function isAlive(pid: number): boolean {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
    return !/^[ZX]/.test(stat.slice(stat.lastIndexOf(')') + 2));
  } catch {
    return false;
  }
}

export function follow(child: ChildProcess): Started {
  let stdout = '';
  let stderr = '';
  child.stdout?.setEncoding('utf8').on('data', (text: string) => {
    stdout += text;
  });
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    stderr += text;
  });
  const ended = new Promise<Ended>((resolve) => {
    child.once('exit', (code, signal) => resolve({ code, signal }));
  });
  return {
    pid: child.pid ?? 0,
    process: child,
    announced: () =>
      stdout
        .split('\n')
        .filter(Boolean)
        .map((line) => JSON.parse(line) as Event),
    stdout: () => stdout,
    stderr: () => stderr,
    ended,
  };
}

function commandOf(pid: string): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ');
  } catch {
    return '';
  }
}
