import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The root of the repository, from `packages/bench/dist/src/`. */
export const root = fileURLToPath(new URL('../../../../', import.meta.url));

/** The built program of a role, as `everline up` starts it. */
export function bin(role: 'watchdog' | 'router' | 'master'): string {
  return join(root, 'packages', role, 'dist/src/main.js');
}

/** The bare transport's own process. */
export const bareServer = fileURLToPath(new URL('./bare/main.js', import.meta.url));

/** Fills the folder of a master: part of its tests, for it knows what lies on disk. */
export const filler = join(root, 'packages/master/dist/test/filler/main.js');

export const figuresFolder = join(root, 'docs/benchmarks');
export const resultsFile = join(figuresFolder, 'results.json');
