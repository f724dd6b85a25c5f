import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import type { Machine } from './machine.js';
import type { Measured } from './subject.js';

/** One subject as it was measured last. */
export interface Result extends Measured {
  readonly subject: string;
  readonly what: string;
  /** Day of the measurement. */
  readonly day: string;
  readonly quick: boolean;
  readonly machine: Machine;
}

export type Results = readonly Result[];

export function readResults(path: string): Results {
  return existsSync(path) ? (JSON.parse(readFileSync(path, 'utf8')) as Results) : [];
}

/** A subject that was measured again takes the place of its older result. */
export function merge(older: Results, newer: Results): Results {
  const again = new Set(newer.map(({ subject }) => subject));
  return [...older.filter(({ subject }) => !again.has(subject)), ...newer];
}

export function writeResults(path: string, results: Results): void {
  mkdirSync(dirname(path), { recursive: true });
  const draft = `${path}.draft`;
  writeFileSync(draft, `${JSON.stringify(results, rounded, 1)}\n`);
  renameSync(draft, path);
}

/** Four digits are more than any of these figures is good for. */
function rounded(_key: string, value: unknown): unknown {
  return typeof value === 'number' ? Number(value.toPrecision(5)) : value;
}
