/** W9: what is said of a death. Pure. */
import type { Child } from '../child/child.js';
import type { Ending } from '../policy/ending.js';

export interface DeathLine {
  readonly instance: string;
  readonly pid: number;
  readonly code: number | null;
  readonly signal: string | null;
  /** From its start. */
  readonly uptimeMs: number;
  readonly readyMs: number;
  readonly adopted: boolean;
  readonly reason: 'exit' | 'signal' | 'hang' | 'spawn failed' | 'requested';
  /** Starts after the first one, this death's included; nothing when there will be none. */
  readonly restart: number | null;
  readonly nextDelayMs: number | null;
  /** W6: whom it left behind in its group. */
  readonly orphansKilled: readonly number[];
  /** W6: it did not end within its grace. */
  readonly graceOver?: boolean;
  /** W4 */
  readonly evidence?: object;
  readonly lastLines: readonly string[];
}

export type Witnessed = Pick<
  DeathLine,
  'uptimeMs' | 'readyMs' | 'orphansKilled' | 'lastLines' | 'restart' | 'nextDelayMs'
>;

export function deathLine(child: Child, ending: Ending, witnessed: Witnessed): DeathLine {
  const endedBy = child.endedBy;
  const { pid, instance } = child.identity;
  return {
    instance,
    pid,
    code: ending.kind === 'exit' ? ending.code : null,
    signal: ending.kind === 'signal' ? ending.signal : null,
    adopted: child.run.adopted,
    reason: reasonOf(child, ending),
    ...(endedBy?.by === 'request' && endedBy.graceOver ? { graceOver: true } : {}),
    ...(endedBy?.by === 'hang' ? { evidence: endedBy.evidence } : {}),
    ...witnessed,
  };
}

function reasonOf(child: Child, ending: Ending): DeathLine['reason'] {
  switch (child.endedBy?.by) {
    case 'hang':
      return 'hang';
    case 'request':
      return 'requested';
    case undefined:
      return ending.kind === 'signal' ? 'signal' : 'exit';
  }
}
