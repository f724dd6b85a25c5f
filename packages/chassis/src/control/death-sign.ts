import { closeSync, openSync, readSync } from 'node:fs';
import type { Identity } from './identity.js';
import { isDead, parseStat } from './process-table.js';

/**
 * The kernel ends a process at once and then takes its memory back, which is tens of milliseconds, and hundreds for a large one; only after that it closes its connections
 * and tells its parent. This sees the beginning: the main thread has carried out its last instruction.
 */
export interface DeathSign extends Disposable {
  /** As wait(2) has it; undefined while the process lives, and when it has left the table. */
  status(): number | undefined;
}

/** More than any line of /proc/PID/stat. */
const lineBytes = 1_024;
/** Field 52 of proc(5), counted from the state. */
const statusField = 49;

/** Undefined where the kernel has no such table, and when this very process (W1) is not in it any more. */
export function openDeathSign({ pid, startTime }: Identity): DeathSign | undefined {
  if (process.platform !== 'linux') return undefined;
  let descriptor: number;
  try {
    descriptor = openSync(`/proc/${pid}/stat`, 'r');
  } catch {
    return undefined;
  }
  const line = Buffer.alloc(lineBytes);

  function read(): string {
    try {
      return line.toString('latin1', 0, readSync(descriptor, line, 0, lineBytes, 0));
    } catch {
      return ''; // it was reaped
    }
  }

  const sign: DeathSign = {
    status: () => {
      const stat = read();
      const from = stat.lastIndexOf(')') + 2;
      return isDead(stat.charAt(from)) ? Number(stat.slice(from).split(' ')[statusField]) : undefined;
    },
    [Symbol.dispose]: () => closeSync(descriptor),
  };
  // An open entry stays that of the process that it was opened for.
  if (parseStat(pid, read())?.startTime === startTime) return sign;
  sign[Symbol.dispose]();
  return undefined;
}
