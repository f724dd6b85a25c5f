import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { ClusterWish } from '../cluster/plan.js';

/** The cluster it ends, and whose folder it removes. */
export type Trust = ClusterWish;

/** The kernel closes it with the demo's death, and so tells of it. */
export const lineFd = 3;

/** In a session of its own, so that what ends the demo does not end it. */
export function hireCaretaker(trust: Trust): AsyncDisposable {
  const program = fileURLToPath(new URL('./caretaker.js', import.meta.url));
  const child = spawn(process.execPath, [program, JSON.stringify(trust)], {
    detached: true,
    stdio: ['ignore', 'ignore', 'ignore', 'pipe'],
  });
  const ended = once(child, 'exit');
  return {
    /** Nothing is left for it to do. */
    async [Symbol.asyncDispose]() {
      child.kill('SIGKILL');
      await ended;
    },
  };
}
