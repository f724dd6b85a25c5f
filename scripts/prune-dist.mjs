import { existsSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { packages } from './workspace.mjs';

const compiled = /\.(js|js\.map|d\.ts|d\.ts\.map)$/;

/** Removes what was compiled from sources that are gone: tsc leaves it, and jest would still run it. */
export function pruneDist() {
  for (const { folder } of packages()) {
    const dist = join(folder, 'dist');
    if (!existsSync(dist)) continue;
    for (const file of readdirSync(dist, { recursive: true })) {
      if (!compiled.test(file)) continue;
      if (!existsSync(join(folder, file.replace(compiled, '.ts')))) rmSync(join(dist, file), { force: true });
    }
  }
}
