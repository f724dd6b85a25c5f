import { argumentAfter, programOf } from '../cluster/recognise.js';
import { eventually } from '../eventually.js';
import { freePorts } from './ports.js';
import type { Run } from './run.js';

/** Where `everline up` brings up a cluster. */
export interface Place {
  readonly port: number;
  readonly data: string;
  readonly args: readonly string[];
}

export async function newPlace(run: Run): Promise<Place> {
  const [port = 0] = await freePorts(3);
  const data = run.path(run.newName('data'));
  return { port, data, args: ['--port', String(port), '--data', data] };
}

/** Roles and watchdogs that run on this folder. */
export function processesOn(run: Run, data: string): string[] {
  return run
    .census()
    .filter(({ argv }) => programOf(argv) !== 'cli' && argv.some((argument) => argument.startsWith(data)))
    .map(({ argv }) => `${programOf(argv)} ${argumentAfter(argv, '--data')}`);
}

export async function nothingLeft(run: Run, data: string): Promise<void> {
  await eventually(
    () => processesOn(run, data).length === 0,
    30_000,
    () => `nothing is left: ${processesOn(run, data)}`,
  );
}
