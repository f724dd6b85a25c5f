/**
 * What the next keeper must know if this one is killed: who child and guardian are, which deaths were not told to the router yet, how often it was restarted.
 * It is written in one step and believed only where the kernel confirms it (W1).
 */
import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import { uptime } from 'node:os';
import { type Facts, type Identity, isFacts, isRecord, parseIdentity } from '@everline/chassis/control';
import { noRestarts, type RestartHistory } from './policy/restart.js';

export interface ChildRecord {
  readonly identity: Identity;
  /** Set when a watchdog spawned it: it leads a process group of its own. */
  readonly leader: Identity | undefined;
  readonly facts: Facts;
}

export interface DeathNotice {
  readonly masterId: string;
  readonly incarnation: string;
  readonly how: string;
}

export interface PairState {
  readonly child: ChildRecord | undefined;
  /** Who takes the keeper's place, or is on its way to stand ready for it. */
  readonly guardian: Identity | undefined;
  readonly unreported: readonly DeathNotice[];
  readonly history: RestartHistory;
  /** For people. */
  readonly lastDeath: object | undefined;
  /** Why the pair ended, when it ended by itself. */
  readonly ended: string | undefined;
}

const maxUnreported = 16;

export const emptyState: PairState = {
  child: undefined,
  guardian: undefined,
  unreported: [],
  history: noRestarts,
  lastDeath: undefined,
  ended: undefined,
};

export interface StateFile {
  get(): PairState;
  change(part: Partial<PairState>): void;
}

/**
 * W10: monotonic times of another process mean nothing here: deaths are kept as how long ago they were, and beside them when that was by
 * the machine's own monotonic clock, so that the next keeper knows how much time has passed since.
 */
export function openStateFile(path: string, nowMs: () => number, machineMs = sinceBootMs): StateFile {
  let state = readState(path, nowMs(), machineMs());
  return {
    get: () => state,
    change: (part) => {
      state = { ...state, ...part };
      state = { ...state, unreported: state.unreported.slice(-maxUnreported) };
      writeState(path, state, nowMs(), machineMs());
    },
  };
}

/** One for all processes, and no wall clock. It begins anew with the machine. */
function sinceBootMs(): number {
  return uptime() * 1_000;
}

function writeState(path: string, state: PairState, nowMs: number, machineMs: number): void {
  const { deathsAtMs, ...history } = state.history;
  const deathsAgoMs = deathsAtMs.map((atMs) => nowMs - atMs);
  const kept = { ...state, history: { ...history, deathsAgoMs, writtenAtMs: machineMs } };
  const draft = `${path}.${process.pid}`;
  try {
    writeFileSync(draft, `${JSON.stringify(kept)}\n`, { mode: 0o600 });
    renameSync(draft, path);
  } catch {
    // A full disk: the control socket still tells the next keeper who the child is.
  }
}

/** Anything unreadable in it is left out: it is help, not truth. */
export function readState(path: string, nowMs: number, machineMs = sinceBootMs()): PairState {
  try {
    const value: unknown = JSON.parse(readFileSync(path, 'utf8'));
    if (!isRecord(value)) return emptyState;
    return {
      child: readChild(value.child),
      guardian: parseIdentity(value.guardian),
      unreported: Array.isArray(value.unreported) ? value.unreported.filter(isNotice) : [],
      history: readHistory(value.history, nowMs, machineMs),
      lastDeath: isRecord(value.lastDeath) ? value.lastDeath : undefined,
      ended: typeof value.ended === 'string' ? value.ended : undefined,
    };
  } catch {
    return emptyState;
  }
}

function readChild(value: unknown): ChildRecord | undefined {
  if (!isRecord(value)) return undefined;
  const identity = parseIdentity(value.identity);
  if (identity === undefined) return undefined;
  return { identity, leader: parseIdentity(value.leader), facts: isFacts(value.facts) ? value.facts : {} };
}

function isNotice(value: unknown): value is DeathNotice {
  return isRecord(value) && ['masterId', 'incarnation', 'how'].every((key) => typeof value[key] === 'string');
}

function readHistory(value: unknown, nowMs: number, machineMs: number): RestartHistory {
  if (!isRecord(value)) return noRestarts;
  const { restarts, unsettled, deathsAgoMs, held, writtenAtMs } = value;
  if (typeof restarts !== 'number' || typeof unsettled !== 'number' || !Array.isArray(deathsAgoMs))
    return noRestarts;
  // Written before the machine was started anew: how long ago cannot be known, so it counts as just now.
  const sinceMs = typeof writtenAtMs === 'number' ? Math.max(0, machineMs - writtenAtMs) : 0;
  const deathsAtMs = deathsAgoMs.filter((ago) => typeof ago === 'number').map((ago) => nowMs - ago - sinceMs);
  return { restarts, unsettled, deathsAtMs, held: held === true };
}
