import { readFileSync } from 'node:fs';
import { arch, cpus, release, totalmem, type } from 'node:os';
import { join } from 'node:path';
import { root } from './places.js';

/** Where and with what a subject was measured: without it no figure means anything. */
export interface Machine {
  readonly cores: number;
  readonly cpu: string;
  readonly memoryGiB: number;
  readonly system: string;
  readonly node: string;
  readonly versions: Readonly<Record<string, string>>;
}

export function thisMachine(): Machine {
  const all = cpus();
  return {
    cores: all.length,
    cpu: all[0]?.model.trim() ?? 'unknown',
    memoryGiB: Math.round(totalmem() / 2 ** 30),
    system: `${type()} ${release()} ${arch()}`,
    node: process.versions.node,
    versions: {
      everline: versionIn('packages/cli/package.json'),
      'grpc-js': versionIn('packages/bench/node_modules/@grpc/grpc-js/package.json'),
    },
  };
}

function versionIn(path: string): string {
  const { version } = JSON.parse(readFileSync(join(root, path), 'utf8')) as { readonly version: string };
  return version;
}
