import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import type { Environment } from '@everline/chassis/config';

/** How this person can call `everline` from here: what we suggest can be copied and works. */
export function invocation(environment: Environment, folder: string, script: string): string {
  const local = existsSync(join(folder, 'node_modules', '.bin', 'everline'));
  // Inside `npm run`, `pnpm run` and `npx` the PATH is not the person's own.
  const borrowedPath = environment.npm_lifecycle_event !== undefined || environment.npm_command !== undefined;
  const onPath = (environment.PATH ?? '')
    .split(delimiter)
    .some((part) => part !== '' && existsSync(join(part, 'everline')));
  if (onPath && !borrowedPath) return 'everline';
  if (local) return 'npx everline';
  return onPath ? 'everline' : `node ${script}`;
}
