import { type Bar, isMet, reached } from '../bars.js';
import type { Machine } from '../machine.js';
import type { Result, Results } from '../results.js';
import { summarize } from '../statistics.js';
import type { Figure } from '../subject.js';
import { numberOf, withUnit } from './number.js';

/** Rows of cells as Markdown, the first row its head. */
export function markdownTable(rows: readonly (readonly string[])[]): string {
  const [head = [], ...body] = rows;
  const line = (cells: readonly string[]): string => `| ${cells.map(safe).join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...body.map(line)].join('\n');
}

function safe(cell: string): string {
  return cell.replaceAll('|', '\\|').replaceAll('\n', ' ');
}

/** Every bar, with what was measured for it last, or that nothing was. */
export function barTable(bars: readonly Bar[], results: Results, nothing = 'not measured'): string {
  const figures = new Map(results.flatMap(({ figures }) => figures).map((figure) => [figure.id, figure]));
  const rows = bars.map((bar) => [bar.work, wanted(bar), ...outcome(bar, figures.get(bar.figure), nothing)]);
  return markdownTable([['work', 'bar', 'measured', 'min – max', 'rounds', 'met'], ...rows]);
}

function wanted({ bound, value, unit, statistic }: Bar): string {
  return `${bound === 'at most' ? '≤' : '≥'} ${withUnit(value, unit)}${statistic === 'p50' ? '' : ` ${statistic}`}`;
}

function outcome(bar: Bar, figure: Figure | undefined, nothing: string): readonly string[] {
  if (figure === undefined || figure.values.length === 0) return [nothing, '', '', ''];
  const { min, max, rounds } = summarize(figure.values);
  const range = `${numberOf(min)} – ${numberOf(max)}`;
  const met = isMet(bar, figure.values) ? 'yes' : '**no**';
  return [withUnit(reached(bar, figure.values), figure.unit), range, String(rounds), met];
}

/** Everything that a subject measured. */
export function figureTable({ figures }: Pick<Result, 'figures'>): string {
  const rows = figures.map(({ what, unit, values }) => {
    const { min, median, max, rounds } = summarize(values);
    return [what, withUnit(median, unit), `${numberOf(min)} – ${numberOf(max)}`, String(rounds)];
  });
  return markdownTable([['figure', 'median', 'min – max', 'rounds'], ...rows]);
}

export function machineLine({ cores, cpu, memoryGiB, system, node, versions }: Machine): string {
  const software = Object.entries(versions).map(([name, version]) => `${name} ${version}`);
  return `${cores} cores (${cpu}), ${memoryGiB} GiB, ${system}, Node ${node}, ${software.join(', ')}`;
}
