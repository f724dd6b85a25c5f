import { within } from '../eventually.js';
import { bin } from '../places.js';
import type { Child } from '../processes/child.js';
import type { Run } from '../processes/run.js';

export interface Ended {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface EverlineOptions {
  readonly input?: string | Uint8Array;
  readonly environment?: NodeJS.ProcessEnv;
  readonly deadlineMs?: number;
}

/** `everline …` with pipes, its input still open. */
export function startEverline(run: Run, args: readonly string[], environment: NodeJS.ProcessEnv = {}): Child {
  return run.start([process.execPath, bin('cli'), ...args], { environment, folder: run.folder });
}

/** `everline …` from its start to its end. */
export async function everline(
  run: Run,
  args: readonly string[],
  options: EverlineOptions = {},
): Promise<Ended> {
  const child = startEverline(run, args, options.environment);
  if (options.input !== undefined) child.write(options.input);
  child.endInput();
  const { code, signal } = await within(
    child.exited,
    options.deadlineMs ?? 20_000,
    `everline ${args.join(' ')} ends`,
  ).finally(() => child.signal('SIGKILL'));
  return { code, signal, stdout: child.stdout, stderr: child.stderr };
}
