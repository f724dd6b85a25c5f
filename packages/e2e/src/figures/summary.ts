import { writeFileSync } from 'node:fs';
import { cpus, loadavg } from 'node:os';
import { join } from 'node:path';
import { resultsFolder } from '../places.js';
import { type Row, rows } from './figures.js';

/** The bounds and what was measured, for people on stderr and for programs in a file. */
export function summarize(): void {
  const found = rows();
  if (found.length === 0) return;
  const machine = { cores: cpus().length, load: loadavg()[0] ?? 0, node: process.version };
  writeFileSync(
    join(resultsFolder, 'e2e-figures.json'),
    `${JSON.stringify({ machine, figures: found }, undefined, 2)}\n`,
  );
  const width = Math.max(...found.map(({ what }) => what.length));
  const lines = found.map((row) => line(row, width));
  const head = `Bounds, default settings, ${machine.cores} cores, load ${machine.load.toFixed(1)}, Node ${machine.node}`;
  process.stderr.write(`\n${head}\n${lines.join('\n')}\n`);
}

function line({ what, unit, count, p50, p95, most, of, limit, met }: Row, width: number): string {
  const number = (value: number): string => (Number.isInteger(value) ? String(value) : value.toFixed(1));
  const spread = count > 1 ? `p50 ${number(p50)} · p95 ${number(p95)} · most ${number(most)}` : number(most);
  const promise = `${of === 'most' ? '' : `${of} `}≤ ${number(limit)} ${unit}`;
  return `${met ? '  met ' : '  OVER'} ${what.padEnd(width)}  ${spread} ${unit} (${count})  bound ${promise}`;
}
