import { Line } from '../network/line.js';
import { freePorts } from '../processes/ports.js';
import type { Run } from '../processes/run.js';
import { masterName } from './master-name.js';

/** Of one master: over which everybody comes to it, and over which it goes to the router. */
export interface Lines {
  readonly front: Line;
  readonly toRouter: Line;
}

export type LinesByName = ReadonlyMap<string, Lines>;

export const noLines: LinesByName = new Map();

export async function openLines(
  run: Run,
  routerPort: number,
  masterPorts: readonly number[],
): Promise<LinesByName> {
  const ports = await freePorts(2 * masterPorts.length);
  const open = async (at: number, to: number): Promise<Line> => {
    const line = await Line.open(ports[at] ?? 0, { host: '127.0.0.1', port: to });
    run.atEnd(() => line.close());
    return line;
  };
  const pairs = masterPorts.map(async (port, index) => {
    const lines = { front: await open(2 * index, port), toRouter: await open(2 * index + 1, routerPort) };
    return [masterName(index), lines] as const;
  });
  return new Map(await Promise.all(pairs));
}
