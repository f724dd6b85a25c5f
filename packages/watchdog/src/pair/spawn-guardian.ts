import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Clock } from '@everline/chassis/clock';
import { type Identity, identify } from '@everline/chassis/control';
import type { Events } from '../events.js';
import type { Home } from '../settings.js';

export interface SpawnGuardianOptions {
  readonly argv: readonly string[];
  readonly home: Home;
  readonly clock: Clock;
  readonly events: Events;
}

/** A guardian that does not stand yet. */
export interface CalledGuardian {
  /** Undefined until it is a process; it gives itself an instance. */
  readonly identity: Identity | undefined;
  /** It stands now, or may leave: what becomes of it is not watched any more. */
  release(): void;
  kill(): void;
}

const mainPath = fileURLToPath(new URL('../main.js', import.meta.url));
/** One that has not reported for duty by then never will. */
const reportForDutyMs = 30_000;

/**
 * Starts a process like this one, in a session of its own, so that what ends this terminal or this process group does not end it too. Its output goes to a file:
 * it must outlive us, and every pipe of ours with it.
 *
 * `onLost` is called when it ends before it was released.
 */
export function spawnGuardian(
  { argv, home, clock, events }: SpawnGuardianOptions,
  onLost: () => void,
): CalledGuardian {
  let wanted = true;
  let child: ChildProcess | undefined;
  const lost = (): void => {
    if (!wanted) return;
    release();
    onLost();
  };
  const cancelPatience = clock.after(reportForDutyMs, () => {
    child?.kill('SIGKILL');
    lost();
  });
  const release = (): void => {
    wanted = false;
    cancelPatience();
  };
  try {
    const stray = openSync(home.stray, 'a', 0o600);
    const args = [...process.execArgv, mainPath, '--guardian', ...argv];
    child = spawn(process.execPath, args, { detached: true, stdio: ['ignore', stray, stray] });
    closeSync(stray);
    child.unref();
    child.once('exit', lost);
    child.once('error', (error) => {
      events.tell('guardian-not-spawned', { why: error.message });
      lost();
    });
  } catch (error) {
    events.tell('guardian-not-spawned', { why: error instanceof Error ? error.message : String(error) });
    clock.soon(lost);
  }
  return {
    identity: child?.pid === undefined ? undefined : identify(child.pid, ''),
    release,
    kill: () => {
      release();
      child?.kill('SIGKILL');
    },
  };
}
