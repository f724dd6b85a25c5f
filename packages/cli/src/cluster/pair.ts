import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Clock } from '@everline/chassis/clock';
import type { Environment } from '@everline/chassis/config';
import { watchControl } from '@everline/chassis/control';
import { oneArena, smallHeap } from '@everline/chassis/small-process';
import { endHolder, type HowEnded } from './holders.js';
import type { RolePlan } from './plan.js';

/** A role's keeper as we started it; it brings its guardian and the role with it. */
export interface StartedPair {
  readonly role: RolePlan;
  /** Resolves when the keeper has ended, with its exit code; by itself it never does after a good start. */
  readonly ended: Promise<number>;
  /** Also when it has only just been started, and holds nothing yet. */
  stop(): Promise<HowEnded>;
}

/** In a session of its own, so that a Ctrl-C in this terminal reaches us alone and everything ends in good order. */
export function startPair(
  role: RolePlan,
  router: RolePlan,
  environment: Environment,
  clock: Clock,
): StartedPair {
  const { name, watchdogDir, dataDir, argv } = role;
  mkdirSync(watchdogDir, { recursive: true, mode: 0o700 });
  const report = role.role === 'master' ? ['--report-to', router.address] : [];
  const own = ['--name', name, '--data', join(watchdogDir, '..'), '--child-data', dataDir, ...report];
  const keeper = spawn(
    process.execPath,
    [binOf('watchdog'), ...own, '--', process.execPath, ...smallHeap, binOf(role.role), ...argv],
    { detached: true, stdio: 'ignore', env: { ...oneArena, ...environmentOf(environment) } },
  );
  keeper.unref();
  const ended = endOf(keeper);
  return {
    role,
    ended,
    async stop() {
      if (keeper.kill('SIGTERM')) await Promise.race([ended, clock.sleep(graceMs)]);
      return stopPair(role, clock);
    },
  };
}

/** Why this start leads nowhere: its role died again and again, and is started less and less often. */
export async function hopeless({ name, watchdogDir }: RolePlan, clock: Clock): Promise<string | undefined> {
  const watched = await watchControl({ dataDir: watchdogDir, clock });
  if (watched.kind !== 'linked') return undefined;
  using link = watched.link;
  const { held } = await link.request('status', {}, statusMs).catch((): { held?: unknown } => ({}));
  return held === true ? `${name} dies again and again` : undefined;
}

const statusMs = 1_000;

async function endOf(keeper: ChildProcess): Promise<number> {
  const [code] = (await once(keeper, 'exit')) as [number | null];
  return code ?? 1;
}

/** Flags say where each role listens and keeps its data: what the environment says of one process must not reach them all. */
function environmentOf(environment: Environment): NodeJS.ProcessEnv {
  const perProcess =
    /^EVERLINE_(LISTEN|ADVERTISE|ROUTER|DATA|METRICS|MIN_IN_SYNC|RECOVER|RESET_FROM_PEERS|USER|PROFILE|TIMEOUT)$/;
  return Object.fromEntries(Object.entries(environment).filter(([name]) => !perProcess.test(name)));
}

function binOf(role: 'watchdog' | RolePlan['role']): string {
  return fileURLToPath(import.meta.resolve(`@everline/${role}/bin`));
}

/** The last line that the role or its keeper said, for the one line that tells why a start failed. */
export function lastWords({ watchdogDir }: RolePlan): string | undefined {
  return lastLine(join(watchdogDir, 'output.log')) ?? lastLine(join(watchdogDir, 'watchdog.log'));
}

function lastLine(path: string): string | undefined {
  const line = existsSync(path) ? readFileSync(path, 'utf8').trimEnd().split('\n').at(-1) : undefined;
  return line === undefined || line === '' ? undefined : sentenceOf(line);
}

/** Of a log line its message, of an event its reason; of anything else all. */
function sentenceOf(line: string): string | undefined {
  try {
    const { message, why } = JSON.parse(line) as { readonly message?: unknown; readonly why?: unknown };
    return [message, why].find((words) => typeof words === 'string');
  } catch {
    return line;
  }
}

/** The keeper ends guardian and role; a role that was left without watchdogs is ended by ourselves. */
export async function stopPair(
  { watchdogDir, dataDir }: Pick<RolePlan, 'watchdogDir' | 'dataDir'>,
  clock: Clock,
): Promise<HowEnded> {
  const keeper = await endHolder(watchdogDir, clock, graceMs);
  const role = await endHolder(dataDir, clock, graceMs);
  return role === 'none' ? keeper : role;
}

/** Longer than the keeper's own grace for its child. */
const graceMs = 15_000;
