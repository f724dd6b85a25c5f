import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The root of the repository, from `packages/bench/dist/src/`. */
export const root = fileURLToPath(new URL('../../../../', import.meta.url));

/** The built command line, as a person starts it. */
export const everline = join(root, 'packages/cli/dist/src/main.js');

/** The bare transport's own process. */
export const bareServer = fileURLToPath(new URL('./bare/main.js', import.meta.url));

export const figuresFolder = join(root, 'docs/benchmarks');
export const resultsFile = join(figuresFolder, 'results.json');
