import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The root of the repository, from `packages/e2e/dist/src/`. */
export const root = fileURLToPath(new URL('../../../../', import.meta.url));

export const protoFolder = join(root, 'proto');
export const resultsFolder = join(root, '.test-results');
export const transcriptsFolder = join(root, 'packages/e2e/transcripts');

/** What a program of somebody else's imports. */
export const clientLibrary = join(root, 'packages/client/dist/src/index.js');

export type Role = 'router' | 'master' | 'watchdog' | 'cli';

/** The built program of a role; processes are recognised by this path in their command line. */
export function bin(role: Role): string {
  return join(root, 'packages', role, 'dist/src/main.js');
}
