// Rules taken away, one at a time, by editing a copy of the compiled code: production code and simulator have no switch for it.
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import type * as plan from '../../src/simulator/plan.js';
import type * as run from '../../src/simulator/run.js';

/** In this file, instead of what occurs exactly once, this. */
export type Edit = readonly [file: string, find: string, put: string];

export interface PlantedBug {
  /** The rule, and what is left of it. */
  readonly without: string;
  readonly edits: readonly Edit[];
  /** A schedule that finds it. */
  readonly seed: number;
}

export interface Simulator {
  readonly planOf: typeof plan.planOf;
  readonly runSchedule: typeof run.runSchedule;
}

const source = join(dirname(fileURLToPath(import.meta.url)), '../../src');
const history = dirname(fileURLToPath(import.meta.resolve('@everline/history/package.json')));

/** The simulator and the decisions that run in it, with one rule removed. */
export async function withBug({ edits }: Pick<PlantedBug, 'edits'>): Promise<Simulator> {
  const folder = mkdtempSync(join(tmpdir(), 'everline-simulator-'));
  writeFileSync(join(folder, 'package.json'), '{"type":"module"}');
  for (const part of ['replica', 'configuration', 'caller', 'simulator']) {
    cpSync(join(source, part), join(folder, part), { recursive: true });
  }
  mkdirSync(join(folder, 'node_modules/@everline'), { recursive: true });
  symlinkSync(history, join(folder, 'node_modules/@everline/history'));
  for (const [file, find, put] of edits) {
    const path = join(folder, file);
    const text = readFileSync(path, 'utf8');
    if (text.split(find).length !== 2) throw new Error(`${file} must have this exactly once: ${find}`);
    writeFileSync(path, text.replace(find, put));
  }
  const load = (name: string) => import(pathToFileURL(join(folder, 'simulator', name)).href);
  const [{ planOf }, { runSchedule }] = await Promise.all([load('plan.js'), load('run.js')]);
  rmSync(folder, { recursive: true });
  return { planOf, runSchedule };
}
