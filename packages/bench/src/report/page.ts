import type { Bar } from '../bars.js';
import type { Result, Results } from '../results.js';
import { barTable, figureTable, machineLine } from './table.js';

/** The page of all results: the bars first, then each subject with its settings and plot. */
export function page(bars: readonly Bar[], results: Results): string {
  return [
    '# Benchmarks',
    'Written by `pnpm bench`; [performance.md](../performance.md) says what the figures mean. Ratios are taken round by round, both sides alternating in one run on the same machine.',
    '## The bars',
    barTable(bars, results),
    ...results.flatMap(section),
    '',
  ].join('\n\n');
}

function section(result: Result): readonly string[] {
  const { subject, what, day, quick, machine, settings } = result;
  const chosen = Object.entries(settings).map(([name, value]) => `${name}: ${value}`);
  const hurried = quick ? ' A quick run: not to be quoted.' : '';
  return [
    `## ${subject}`,
    `${what}. ${chosen.join(', ')}.${hurried}`,
    `![${subject}](${subject}.svg)`,
    figureTable(result),
    `Measured ${day} on ${machineLine(machine)}.`,
  ];
}
