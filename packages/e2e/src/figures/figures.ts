import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { resultsFolder } from '../places.js';
import { type Bound, bounds } from './bounds.js';

const folder = join(resultsFolder, 'e2e-figures');

/** Measured values, written down at once so that a scenario that fails later does not take them along. */
export function measured(name: keyof typeof bounds, values: readonly number[]): void {
  mkdirSync(folder, { recursive: true });
  writeFileSync(
    join(folder, `${name}.json`),
    `${JSON.stringify(values.map((value) => Number(value.toFixed(2))))}\n`,
  );
}

export function forgetFigures(): void {
  rmSync(folder, { recursive: true, force: true });
}

/** The statistic for which the bound stands, held against it with the slack of a busy machine. */
export function holds(name: keyof typeof bounds, values: readonly number[]): boolean {
  const bound: Bound = bounds[name];
  measured(name, values);
  const value = statistic(values, bound.of);
  return value <= bound.limit * bound.slack;
}

export function statistic(values: readonly number[], of: Bound['of']): number {
  const sorted = [...values].sort((a, b) => a - b);
  if (of === 'most') return sorted.at(-1) ?? Number.NaN;
  const share = of === 'p50' ? 0.5 : 0.95;
  return sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? Number.NaN;
}

export interface Row {
  readonly name: string;
  readonly what: string;
  readonly unit: string;
  readonly count: number;
  readonly p50: number;
  readonly p95: number;
  readonly most: number;
  readonly of: Bound['of'];
  readonly limit: number;
  readonly met: boolean;
}

/** Everything that was measured in this run, in the order of the bounds. */
export function rows(): Row[] {
  const found = new Set(listFolder());
  return Object.entries<Bound>(bounds).flatMap(([name, bound]) => {
    if (!found.has(`${name}.json`)) return [];
    const values = JSON.parse(readFileSync(join(folder, `${name}.json`), 'utf8')) as number[];
    return [rowOf(name, bound, values)];
  });
}

function rowOf(name: string, { what, unit, of, limit }: Bound, values: readonly number[]): Row {
  return {
    name,
    what,
    unit,
    count: values.length,
    p50: statistic(values, 'p50'),
    p95: statistic(values, 'p95'),
    most: statistic(values, 'most'),
    of,
    limit,
    met: statistic(values, of) <= limit,
  };
}

function listFolder(): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}
