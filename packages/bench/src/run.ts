import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { systemClock } from '@everline/chassis/clock';
import { systemRandom } from '@everline/chassis/random';
import { bars } from './bars.js';
import { thisMachine } from './machine.js';
import type { Options } from './options.js';
import { resultsFile } from './places.js';
import { page } from './report/page.js';
import { plot } from './report/plot.js';
import { barTable, figureTable } from './report/table.js';
import { merge, type Result, type Results, readResults, writeResults } from './results.js';
import type { Bench, Subject } from './subject.js';
import { print, say } from './terminal.js';

/** Every chosen subject, one after the other; what is done is written before the next begins. */
export async function run(subjects: readonly Subject[], options: Options, stop: AbortSignal): Promise<void> {
  const scratch = mkdtempSync(join(tmpdir(), 'everline-bench-'));
  const bench: Bench = {
    clock: systemClock,
    random: systemRandom,
    stop,
    quick: options.quick,
    scratch,
    stores: options.stores ?? join(scratch, 'stores'),
    say,
  };
  const path = options.json ?? (options.quick ? undefined : resultsFile);
  let results: Results = [];
  try {
    for (const subject of subjects) {
      stop.throwIfAborted();
      const result = await measure(subject, bench);
      results = [...results, result];
      if (path !== undefined) write(path, [result]);
    }
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
  print(barTable(bars, results, 'not measured in this run'));
}

async function measure(subject: Subject, bench: Bench): Promise<Result> {
  const { name, what } = subject;
  say(`${name}: ${what}`);
  const measured = await subject.measure(bench);
  const day = new Intl.DateTimeFormat('sv-SE').format(systemClock.wallMs());
  const result = { subject: name, what, day, quick: bench.quick, machine: thisMachine(), ...measured };
  print(`${figureTable(result)}\n`);
  return result;
}

/** The results, and beside them the page that shows all of them and a plot for each subject. */
function write(path: string, newer: Results): void {
  const all = merge(readResults(path), newer);
  writeResults(path, all);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(join(dirname(path), 'README.md'), page(bars, all));
  for (const { subject, figures } of newer)
    writeFileSync(join(dirname(path), `${subject}.svg`), plot(figures));
}
