import { type IPty, spawn } from '@lydell/node-pty';
import { eventually } from '../eventually.js';
import type { Run } from '../processes/run.js';

/** Wide enough that no line of the product wraps. */
const columns = 240;
const rows = 50;

/** A person at a pseudo-terminal: what is typed is echoed, what is shown is text. */
export class Terminal {
  readonly name: string;
  exitCode: number | undefined;
  private readonly pty: IPty;
  private shown = '';
  private taken = 0;

  constructor(run: Run, name: string, command: readonly string[], environment: NodeJS.ProcessEnv = {}) {
    const [program = '', ...args] = command;
    this.name = name;
    this.pty = spawn(program, args, {
      cols: columns,
      rows,
      env: run.environment(environment) as Record<string, string>,
      cwd: run.folder,
    });
    this.pty.onData((text) => {
      this.shown += text;
    });
    this.pty.onExit(({ exitCode, signal }) => {
      this.exitCode = signal === undefined || signal === 0 ? exitCode : 128 + signal;
    });
    run.atEnd(() => this.close());
  }

  get pid(): number {
    return this.pty.pid;
  }

  /** Everything shown so far, lines ended as a program writes them. */
  get screen(): string {
    return this.shown.replaceAll('\r\n', '\n');
  }

  /** What was shown and not yet taken. */
  get unread(): string {
    return this.screen.slice(this.taken);
  }

  take(length: number): void {
    this.taken += length;
  }

  type(text: string): void {
    this.pty.write(text);
  }

  line(text: string): void {
    this.type(`${text}\r`);
  }

  async untilShown(text: string | RegExp, deadlineMs = 20_000): Promise<void> {
    const has = (): boolean =>
      typeof text === 'string' ? this.screen.includes(text) : text.test(this.screen);
    await eventually(
      has,
      deadlineMs,
      () => `${this.name} shows ${text}; it shows ${JSON.stringify(this.screen)}`,
    );
  }

  async untilExit(deadlineMs = 20_000): Promise<number> {
    await eventually(
      () => this.exitCode !== undefined,
      deadlineMs,
      () => `${this.name} ends: ${this.screen}`,
    );
    return this.exitCode ?? -1;
  }

  /** The window is closed. */
  async close(): Promise<void> {
    if (this.exitCode !== undefined) return;
    this.pty.kill('SIGHUP');
    await eventually(() => this.exitCode !== undefined, 2_000, `${this.name} ends on SIGHUP`).catch(() => {
      this.pty.kill('SIGKILL');
    });
  }
}
