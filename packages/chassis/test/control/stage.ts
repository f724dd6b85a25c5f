import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { systemClock as clock } from '../../src/clock.js';
import type { ControlOptions } from '../../src/control/index.js';
import {
  type Control,
  type ControlAddress,
  type ControlLink,
  openControl,
  watchControl,
} from '../../src/control/index.js';
import { type Random, systemRandom } from '../../src/random.js';

const holderPath = fileURLToPath(new URL('./children/holder.js', import.meta.url));
const lookAgainMs = 5;

export async function eventually<T>(
  what: string,
  condition: () => T | Promise<T>,
  deadlineMs = 15_000,
): Promise<NonNullable<T>> {
  const untilMs = performance.now() + deadlineMs;
  for (;;) {
    const found = await condition();
    if (found !== undefined && found !== null && found !== false) return found as NonNullable<T>;
    if (performance.now() > untilMs) throw new Error(`not within ${deadlineMs} ms: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, lookAgainMs));
  }
}

export interface Holder {
  readonly process: ChildProcess;
  readonly pid: number;
  said(): string;
  readonly ended: Promise<number | null>;
}

/** A data directory, the processes that want it, and the links to them. */
export class Stage implements AsyncDisposable {
  readonly dir = mkdtempSync(join(tmpdir(), 'everline-control-'));
  readonly #processes: ChildProcess[] = [];
  readonly #open: AsyncDisposable[] = [];

  start(kind: ControlAddress['kind'] = 'abstract', dir = this.dir): Holder {
    const process = spawn(globalThis.process.execPath, [holderPath, dir, kind], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    this.#processes.push(process);
    let said = '';
    process.stdout.setEncoding('utf8').on('data', (text: string) => {
      said += text;
    });
    const ended = new Promise<number | null>((resolve) => process.once('exit', resolve));
    return { process, pid: process.pid ?? 0, said: () => said, ended };
  }

  async holds(holder: Holder): Promise<void> {
    await eventually('it holds the directory', () => holder.said().startsWith('open'));
  }

  async open(options: Partial<ControlOptions> = {}): Promise<Control> {
    const control = await openControl({
      dataDir: this.dir,
      kind: 'test',
      identity: { instance: 'i-1' },
      clock,
      ...options,
    });
    this.#open.push(control);
    return control;
  }

  /** @param beforeGreeting called when the hello has been heard, and nothing answered yet */
  async link(
    addressKind: ControlAddress['kind'] = 'abstract',
    beforeGreeting = () => {},
  ): Promise<ControlLink> {
    const random: Random = {
      ...systemRandom,
      uuid: () => {
        beforeGreeting();
        return systemRandom.uuid();
      },
    };
    const watched = await watchControl({ dataDir: this.dir, clock, random, addressKind });
    if (watched.kind !== 'linked') throw new Error(`not linked: ${watched.kind}`);
    const { link } = watched;
    this.#open.push({ [Symbol.asyncDispose]: async () => link[Symbol.dispose]() });
    return link;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const one of this.#open.reverse()) await one[Symbol.asyncDispose]();
    for (const process of this.#processes) process.kill('SIGKILL');
    rmSync(this.dir, { recursive: true, force: true });
  }
}
