/**
 * From the first line of a process to its exit code: signal → abort → dispose under the grace → exit. The only file that hears signals and exits.
 * The first cause of an ending is the one that is reported; what follows from it is only logged.
 */
import { systemClock } from './clock.js';
import { ExitWith, exitCodes } from './exit-with.js';
import { writeLine } from './log/write-line.js';
import type { Log, ProcessLog } from './log.js';

export { ExitWith, exitCodes } from './exit-with.js';

export interface ProcessContext {
  readonly log: ProcessLog;
}

export interface ProcessOptions {
  /** How long disposal may take before the process exits without it. Default 10,000. */
  readonly graceMs?: number;
  /** Without it pino is loaded and writes to stderr. */
  readonly log?: ProcessLog;
  /** What every further SIGTERM or SIGINT does, instead of exiting at once. */
  readonly onSecondSignal?: () => void;
  /** SIGHUP, which comes when the terminal is closed, is taken for a SIGTERM. */
  readonly hangup?: boolean;
}

/** What `start` returns. `finished`: the work is done (exit code 0) or has failed for good (rejects; an `ExitWith` says with which code). */
export type Running = AsyncDisposable & { readonly finished?: Promise<unknown> };

export type Start = (stop: AbortSignal, context: ProcessContext) => Promise<Running>;

interface Ending {
  readonly code: number;
  readonly sentence?: string;
}

const defaultGraceMs = 10_000;
const late = Symbol('late');
const stopSignals = { SIGINT: 2, SIGTERM: 15 } as const;
const hangup = { SIGHUP: 1 } as const;
const stdout = 1;
const stderr = 2;

/**
 * Runs a process to its end; never returns to a living one. `stop` aborts at the first SIGTERM or SIGINT; a second one exits at once (128 + its number).
 * What nobody caught is logged and ends the process with code 70: nobody knows what it left behind.
 */
export async function runProcess(name: string, start: Start, options: ProcessOptions = {}): Promise<void> {
  const log = options.log ?? (await import('./log.js')).createLog({ name });
  const stop = new AbortController();
  process.on('uncaughtException', (error, origin) => {
    log.error({ error, origin }, 'ends: nobody caught this');
    process.exit(exitCodes.unexpected);
  });
  const stopped = new Promise<Ending>((resolve) => {
    for (const [signal, number] of Object.entries({ ...stopSignals, ...(options.hangup ? hangup : {}) })) {
      process.on(signal, () => {
        if (stop.signal.aborted) {
          if (options.onSecondSignal === undefined) process.exit(128 + number);
          return options.onSecondSignal();
        }
        log.info({ signal }, 'ends on request');
        stop.abort(new Error(`${name} was asked to end by ${signal}`));
        resolve({ code: exitCodes.done });
      });
    }
  });
  const ending = await run(start, stop, stopped, { log, graceMs: options.graceMs ?? defaultGraceMs });
  if (ending.sentence !== undefined) say(name, ending.code, ending.sentence);
  process.exit(ending.code);
}

async function run(
  start: Start,
  stop: AbortController,
  stopped: Promise<Ending>,
  { log, graceMs }: { readonly log: ProcessLog; readonly graceMs: number },
): Promise<Ending> {
  let running: Running;
  try {
    const started = await Promise.race([start(stop.signal, { log }), graceOf(stop.signal, graceMs)]);
    if (started === late) {
      log.error({ graceMs }, 'ends before it had started');
      return { code: exitCodes.unexpected };
    }
    running = started;
  } catch (error) {
    if (stop.signal.aborted && !(error instanceof ExitWith)) return { code: exitCodes.done };
    return endingOf(error, log);
  }
  const finished = running.finished?.then(
    (): Ending => ({ code: exitCodes.done }),
    (error: unknown) => endingOf(error, log),
  );
  const first = await (finished === undefined ? stopped : Promise.race([stopped, finished]));
  if (!stop.signal.aborted) stop.abort(new Error('the process ends'));
  const disposed = await dispose(running, graceMs, log);
  return first.code === exitCodes.done && !disposed ? { code: exitCodes.unexpected } : first;
}

async function dispose(running: Running, graceMs: number, log: Log): Promise<boolean> {
  try {
    const outcome = await Promise.race([running[Symbol.asyncDispose](), gracePassed(graceMs)]);
    if (outcome !== late) return true;
    log.error({ graceMs }, 'ends before all was closed');
  } catch (error) {
    log.error({ error }, 'could not close everything');
  }
  return false;
}

function gracePassed(graceMs: number): Promise<typeof late> {
  return new Promise((resolve) => void systemClock.after(graceMs, () => resolve(late)));
}

/** Resolves when the grace after the abort has passed; never without one. */
function graceOf(stop: AbortSignal, graceMs: number): Promise<typeof late> {
  return new Promise((resolve) =>
    stop.addEventListener('abort', () => resolve(gracePassed(graceMs)), { once: true }),
  );
}

function endingOf(error: unknown, log: Log): Ending {
  if (error instanceof ExitWith) {
    if (error.code === exitCodes.unexpected) log.error({ error }, 'ends');
    return { code: error.code, sentence: error.message };
  }
  log.error({ error }, 'ends: an unexpected error');
  return { code: exitCodes.unexpected };
}

/** What was asked for (`--help`) goes to stdout, reasons go to stderr under the name of the process. */
function say(name: string, code: number, sentence: string): void {
  if (code === exitCodes.done) writeLine(stdout, sentence);
  else writeLine(stderr, `${name}: ${sentence}`);
}
