import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync } from 'node:fs';
import type { Clock } from '@everline/chassis/clock';
import { processEnvironment } from '@everline/chassis/environment';

/** SIGTERM, and after this SIGKILL. */
const graceMs = 15_000;

export interface RunAs {
  readonly uid: number;
  readonly gid: number;
}

/** What runs: Node, when nothing else is named. */
interface Other {
  readonly program: string;
  readonly as: RunAs | undefined;
}

/** A process that the bench started and ends. */
export class Child {
  readonly #process: ChildProcess;
  readonly #ended: Promise<unknown>;
  readonly #what: string;
  readonly #logFile: string;

  /** Its output goes to a file: a pipe would make the bench part of what it measures. */
  constructor(
    args: readonly string[],
    logFile: string,
    environment: Readonly<Record<string, string>> = {},
    { program, as }: Other = { program: process.execPath, as: undefined },
  ) {
    this.#what = program === process.execPath ? (args[0] ?? '') : program;
    this.#logFile = logFile;
    const log = openSync(logFile, 'a');
    const env = { ...processEnvironment(), ...environment };
    this.#process = spawn(program, [...args], { stdio: ['ignore', log, log], env, ...as });
    closeSync(log);
    this.#ended = once(this.#process, 'exit').catch(() => {});
  }

  get pid(): number {
    return this.#process.pid ?? -1;
  }

  get running(): boolean {
    return this.#process.exitCode === null && this.#process.signalCode === null;
  }

  /** @throws when it did not end well */
  async untilEnded(): Promise<void> {
    await this.#ended;
    const { exitCode, signalCode } = this.#process;
    if (exitCode !== 0)
      throw new Error(`${this.#what} ended with ${signalCode ?? exitCode}: see ${this.#logFile}`);
  }

  async stop(clock: Clock): Promise<void> {
    if (!this.running) return;
    this.#process.kill('SIGTERM');
    const cancel = clock.after(graceMs, () => this.#process.kill('SIGKILL'));
    await this.#ended;
    cancel();
  }
}
