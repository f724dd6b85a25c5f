import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import { type Identity, identify } from '@everline/chassis/control';
import type { Ending } from '../policy/ending.js';
import type { Settings } from '../settings.js';
import { createEndSignal, type Run } from './run.js';

export type Spawned =
  | { readonly kind: 'running'; readonly run: Run }
  | { readonly kind: 'failed'; readonly ending: Extract<Ending, { kind: 'not-spawned' }> };

/**
 * Starts the child in a session of its own (W6: its process group is ours to signal, and a terminal's Ctrl-C is not for it), its output to a file that it appends to
 * by itself (W7: nobody has to live for it to be able to write).
 */
export function spawnChild(command: Settings['command'], output: string, instance: string): Promise<Spawned> {
  const [program, ...args] = command;
  let child: ChildProcess;
  let descriptor: number | undefined;
  try {
    descriptor = openSync(output, 'a+', 0o600);
    child = spawn(program, args, { detached: true, stdio: ['ignore', descriptor, descriptor] });
  } catch (error) {
    return Promise.resolve(failed(error));
  } finally {
    if (descriptor !== undefined) closeSync(descriptor);
  }
  const { end, onEnded } = createEndSignal();
  child.once('exit', (code, signal) => {
    if (signal !== null) end({ kind: 'signal', signal });
    else end({ kind: 'exit', code: code ?? 0 });
  });
  // W1: its pid cannot be given away before this loop has reaped it, so it is the right process that is looked at.
  const identity = child.pid === undefined ? undefined : identify(child.pid, instance);
  return new Promise((resolve) => {
    child.once('error', (error) => resolve(failed(error)));
    if (identity !== undefined) resolve({ kind: 'running', run: ownRun(identity, onEnded) });
  });
}

/** Its end is told by the kernel, with or without a control connection. */
function ownRun(identity: Identity, onEnded: Run['onEnded']): Run {
  const nothing = (): void => undefined;
  return { adopted: false, identity, leader: identity, onEnded, linked: nothing, unlinked: nothing };
}

function failed(error: unknown): Spawned {
  const { code, message } = error as NodeJS.ErrnoException;
  return { kind: 'failed', ending: { kind: 'not-spawned', errorCode: code ?? 'UNKNOWN', message } };
}
