import { createLog, type ProcessLog } from '../../src/index.js';

export interface Line {
  readonly level: string;
  readonly message: string;
  readonly [field: string]: unknown;
}

export interface MemoryLog extends ProcessLog {
  readonly lines: readonly Line[];
}

export function memoryLog(): MemoryLog {
  const lines: Line[] = [];
  const log = createLog({
    name: 'test',
    level: 'debug',
    write: (line) => lines.push(JSON.parse(line) as Line),
  });
  return { ...log, lines };
}
