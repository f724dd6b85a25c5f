/**
 * W1: who a process is. A pid alone is no identity: the kernel gives it away again, and a zombie still answers to it.
 */
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { isDead, lookAt, membersOf } from './process-table.js';

export interface Identity {
  readonly pid: number;
  /** When the kernel started it, opaque. */
  readonly startTime: string;
  /** Which run of the machine: pids and start times begin anew with each. */
  readonly bootId: string;
  /** Made new by every start of the program. */
  readonly instance: string;
}

/** The identity of a process that lives now; undefined when there is none with that pid. */
export function identify(pid: number, instance: string): Identity | undefined {
  const sight = lookAt(pid);
  return sight === undefined ? undefined : { pid, startTime: sight.startTime, bootId: bootId(), instance };
}

/** W1: only the same process lives; a zombie is dead, and so is one whose pid is another's now. */
export function lives(identity: Identity): boolean {
  if (identity.bootId !== bootId()) return false;
  const sight = lookAt(identity.pid);
  return sight !== undefined && sight.startTime === identity.startTime && !isDead(sight.state);
}

/** W1: sends the signal to this very process, or to nobody. */
export function signal(identity: Identity, name: NodeJS.Signals): 'sent' | 'gone' {
  return lives(identity) && kill(identity.pid, name) ? 'sent' : 'gone';
}

/**
 * W6: sends the signal to the process group that `leader` leads or led. While members are left the kernel gives the group's number to nobody else;
 * a process that bears the number and is not the leader shows that it was given away, and then nobody is touched (W1).
 */
export function signalGroup(leader: Identity, name: NodeJS.Signals): readonly number[] {
  const members = livingMembers(leader);
  return members.length > 0 && kill(-leader.pid, name) ? members : [];
}

/** Who still lives in the group of `leader`, itself included. */
export function livingMembers(leader: Identity): readonly number[] {
  // Group 1 would mean "everybody" to kill(2).
  if (leader.pid === 1 || leader.bootId !== bootId()) return [];
  const bearer = lookAt(leader.pid);
  if (bearer !== undefined && bearer.startTime !== leader.startTime) return [];
  // The kernel knows at once whether there is such a group; who is in it takes a look at every process.
  if (!kill(-leader.pid, 0)) return [];
  return membersOf(leader.pid)
    .filter(({ state }) => !isDead(state))
    .map(({ pid }) => pid);
}

function kill(pid: number, name: NodeJS.Signals | 0): boolean {
  try {
    process.kill(pid, name);
    return true;
  } catch (error) {
    // ESRCH: it ended between the look and the signal. EPERM is a surprise that people must see.
    if (error instanceof Error && 'code' in error && error.code === 'ESRCH') return false;
    throw error;
  }
}

let knownBootId: string | undefined;

function bootId(): string {
  knownBootId ??= readBootId();
  return knownBootId;
}

function readBootId(): string {
  try {
    return process.platform === 'linux'
      ? readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim()
      : execFileSync('sysctl', ['-n', 'kern.boottime'], { encoding: 'utf8' }).trim();
  } catch {
    // A system that does not say: start times with their date tell one run from the next well enough.
    return 'unknown';
  }
}

/** Reads an identity that came from outside. */
export function parseIdentity(value: unknown): Identity | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  const { pid, startTime, bootId, instance } = value as Record<string, unknown>;
  if (typeof pid !== 'number' || !Number.isSafeInteger(pid) || pid < 1) return undefined;
  if (typeof startTime !== 'string' || typeof bootId !== 'string' || typeof instance !== 'string')
    return undefined;
  return { pid, startTime, bootId, instance };
}
