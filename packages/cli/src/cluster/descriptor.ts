import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ClusterWish } from './plan.js';

/** `cluster.json` in the data folder: how the cluster was last brought up. It tells where to look, never what runs. */
type Descriptor = Omit<ClusterWish, 'dataDir'>;

const fileName = 'cluster.json';

export function writeDescriptor({ dataDir, ...descriptor }: ClusterWish): void {
  const path = join(dataDir, fileName);
  const draft = `${path}.${process.pid}`;
  writeFileSync(draft, `${JSON.stringify(descriptor)}\n`, { mode: 0o600 });
  renameSync(draft, path);
}

/** Undefined when there is none, or none that can be read: then nothing is known. */
export function readDescriptor(dataDir: string): ClusterWish | undefined {
  try {
    const value = JSON.parse(readFileSync(join(dataDir, fileName), 'utf8')) as Partial<
      Record<keyof Descriptor, unknown>
    >;
    const { host, minInSync, routerPort, masterPorts } = value;
    if (typeof host !== 'string' || !isPort(minInSync) || !isPort(routerPort)) return undefined;
    if (!Array.isArray(masterPorts) || !masterPorts.every(isPort)) return undefined;
    return { dataDir, host, minInSync, routerPort, masterPorts };
  } catch {
    return undefined;
  }
}

function isPort(value: unknown): value is number {
  return typeof value === 'number' && Number.isSafeInteger(value) && value > 0 && value <= 65_535;
}
