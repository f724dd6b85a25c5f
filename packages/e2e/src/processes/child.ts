import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, openSync, readFileSync } from 'node:fs';
import { processEntry } from './census.js';

export interface Exit {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

export interface ChildOptions {
  readonly environment: NodeJS.ProcessEnv;
  readonly folder?: string;
  /** Appended to; without it the output is kept here. */
  readonly logFile?: string;
  /** A process group of its own, so that what a person types at a terminal can be told from what reaches a child. */
  readonly detached?: boolean;
}

/** A process of the suite's own: its output, its end. */
export class Child {
  readonly pid: number;
  readonly startTicks: number;
  readonly exited: Promise<Exit>;
  readonly argv: readonly string[];
  exit: Exit | undefined;
  private readonly process: ChildProcess;
  private readonly logFile: string | undefined;
  private out = '';
  private err = '';

  constructor(command: readonly string[], options: ChildOptions) {
    const [program = '', ...args] = command;
    this.argv = command;
    this.logFile = options.logFile;
    const log = options.logFile === undefined ? 'pipe' : openSync(options.logFile, 'a');
    this.process = spawn(program, args, {
      env: options.environment,
      ...(options.folder !== undefined && { cwd: options.folder }),
      stdio: [options.logFile === undefined ? 'pipe' : 'ignore', log, log],
      detached: options.detached ?? false,
    });
    if (typeof log === 'number') closeSync(log);
    this.process.stdout?.setEncoding('utf8').on('data', (text: string) => {
      this.out += text;
    });
    this.process.stderr?.setEncoding('utf8').on('data', (text: string) => {
      this.err += text;
    });
    this.process.stdin?.on('error', () => {});
    this.exited = new Promise((resolve) => {
      this.process.once('error', (error) => {
        this.err += String(error);
        resolve(this.ended(null, null));
      });
      this.process.once('close', (code, signal) => resolve(this.ended(code, signal)));
    });
    this.pid = this.process.pid ?? -1;
    this.startTicks = processEntry(this.pid)?.startTicks ?? -1;
  }

  get stdout(): string {
    return this.logFile === undefined ? this.out : readFileSync(this.logFile, 'utf8');
  }

  /** What came since the last time, for who reads much and all of it. */
  takeOutput(): string {
    const text = this.out;
    this.out = '';
    return text;
  }

  get stderr(): string {
    return this.err;
  }

  write(text: string | Uint8Array): void {
    this.process.stdin?.write(text);
  }

  endInput(): void {
    this.process.stdin?.end();
  }

  /** As a reader of a pipe that goes away. */
  closeOutput(): void {
    this.process.stdout?.destroy();
  }

  signal(signal: NodeJS.Signals): boolean {
    return this.exit === undefined && this.process.kill(signal);
  }

  private ended(code: number | null, signal: NodeJS.Signals | null): Exit {
    this.exit = { code, signal };
    return this.exit;
  }
}
