import { type ChildProcess, spawn } from 'node:child_process';
import { systemClock } from '@everline/chassis/clock';
import { main } from './everline.js';

const all = new Set<Running>();

/** What a test has left running, whether it passed or not. */
export function killAll(): void {
  for (const running of all) running.kill('SIGKILL');
}

/** An `everline` that goes on running: what it has said so far, and a way to wait for more. */
export class Running {
  readonly child: ChildProcess;
  readonly ended: Promise<number | null>;
  stdout = '';
  stderr = '';
  private look: () => void = () => {};

  constructor(args: readonly string[], environment: Readonly<Record<string, string>>) {
    this.child = spawn(process.execPath, [main, ...args], {
      env: { PATH: process.env.PATH ?? '', HOME: '/nonexistent', ...environment },
    });
    this.child.stdout?.on('data', (chunk: Buffer) => {
      this.stdout += chunk;
      this.look();
    });
    this.child.stderr?.on('data', (chunk: Buffer) => {
      this.stderr += chunk;
      this.look();
    });
    this.child.stdin?.on('error', () => {});
    this.ended = new Promise((resolve) => this.child.once('close', resolve));
    all.add(this);
    void this.ended.then(() => {
      all.delete(this);
      this.look();
    });
  }

  type(text: string): void {
    this.child.stdin?.write(text);
  }

  endInput(): void {
    this.child.stdin?.end();
  }

  kill(signal: NodeJS.Signals): void {
    this.child.kill(signal);
  }

  /** Until it has said so; what it said instead stands in the error. */
  until(condition: (running: Running) => boolean, deadlineMs = 20_000): Promise<void> {
    return new Promise((resolve, reject) => {
      const cancel = systemClock.after(deadlineMs, () => {
        this.look = () => {};
        reject(new Error(`not within ${deadlineMs} ms; stdout: ${this.stdout}; stderr: ${this.stderr}`));
      });
      this.look = () => {
        if (!condition(this)) return;
        this.look = () => {};
        cancel();
        resolve();
      };
      this.look();
    });
  }

  says(text: string, deadlineMs?: number): Promise<void> {
    return this.until(({ stdout }) => stdout.includes(text), deadlineMs);
  }
}
