import type { KeeperContext } from './context.js';
import type { Phase } from './phase.js';

/** What `status` shows of a living pair; plain JSON. */
export interface PairStatus {
  readonly name: string;
  readonly keeper: number | null;
  readonly guardian: { readonly pid: number; readonly foreground: boolean } | null;
  readonly child: ChildStatus;
  readonly restarts: number;
  readonly held: boolean;
  readonly lastDeath: object | null;
  readonly command: readonly string[];
  readonly output: string;
}

export interface ChildStatus {
  readonly state: 'looking' | 'locked' | 'starting' | 'ready' | 'stopping' | 'waiting' | 'running' | 'down';
  readonly pid?: number;
  readonly instance?: string;
  readonly adopted?: boolean;
  readonly aliveMs?: number;
  readonly readyMs?: number;
  readonly facts?: object;
  readonly nextTryInMs?: number;
  readonly why?: string;
}

export function statusOf(
  { settings, home, clock, state }: KeeperContext,
  phase: Phase,
  guardian: PairStatus['guardian'],
): PairStatus {
  const { history, lastDeath } = state.get();
  return {
    name: settings.name,
    keeper: process.pid,
    guardian,
    child: childStatus(phase, clock.nowMs()),
    restarts: history.restarts,
    held: history.held,
    lastDeath: lastDeath ?? null,
    command: settings.command,
    output: home.output,
  };
}

function childStatus(phase: Phase, nowMs: number): ChildStatus {
  switch (phase.kind) {
    case 'looking':
      return { state: 'looking' };
    case 'locked':
      return { state: 'locked', why: `its directory is in use by ${phase.by}` };
    case 'waiting':
      return { state: 'waiting', nextTryInMs: Math.max(0, Math.round(phase.untilMs - nowMs)) };
    case 'running': {
      const { child } = phase;
      const readyAtMs = child.readyAtMs;
      const { pid, instance } = child.identity;
      return {
        state: child.endedBy !== undefined ? 'stopping' : readyAtMs === undefined ? 'starting' : 'ready',
        pid,
        instance,
        adopted: child.run.adopted,
        aliveMs: Math.round(nowMs - child.sinceMs),
        ...(readyAtMs === undefined ? {} : { readyMs: Math.round(nowMs - readyAtMs) }),
        facts: child.facts,
      };
    }
  }
}
