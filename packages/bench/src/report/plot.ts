import { summarize } from '../statistics.js';
import type { Figure, Unit } from '../subject.js';
import { withUnit } from './number.js';

const width = 760;
const rowHeight = 22;
const gap = 18;
const labelWidth = 300;
const valueWidth = 110;
const counts: ReadonlySet<Unit> = new Set(['calls', 'posts']);

/** For each unit a panel from 0 on; a row a figure: a line from the smallest round to the largest, a dot at the median. Counts are for the table. */
export function plot(figures: readonly Figure[]): string {
  const shown = figures.filter(({ unit, values }) => !counts.has(unit) && values.length > 0);
  const units = [...new Set(shown.map(({ unit }) => unit))];
  let y = gap;
  const rows: string[] = [];
  for (const unit of units) {
    const panel = shown.filter((figure) => figure.unit === unit);
    const most = Math.max(...panel.flatMap(({ values }) => values));
    for (const figure of panel) {
      rows.push(row(figure, y, most));
      y += rowHeight;
    }
    y += gap;
  }
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${y}" viewBox="0 0 ${width} ${y}" font-family="sans-serif" font-size="12">`,
    `<rect width="${width}" height="${y}" fill="#ffffff"/>`,
    ...rows,
    '</svg>',
    '',
  ].join('\n');
}

function row({ what, unit, values }: Figure, y: number, most: number): string {
  const { min, median, max } = summarize(values);
  const room = width - labelWidth - valueWidth;
  const x = (value: number): string => (labelWidth + (most > 0 ? value / most : 0) * room).toFixed(1);
  const middle = y + rowHeight / 2;
  return [
    `<text x="${labelWidth - 10}" y="${middle + 4}" text-anchor="end" fill="#333333">${inXml(what)}</text>`,
    `<line x1="${labelWidth}" y1="${middle}" x2="${width - valueWidth}" y2="${middle}" stroke="#eeeeee"/>`,
    `<line x1="${x(min)}" y1="${middle}" x2="${x(max)}" y2="${middle}" stroke="#4477aa" stroke-width="4"/>`,
    `<circle cx="${x(median)}" cy="${middle}" r="5" fill="#223355"/>`,
    `<text x="${width - valueWidth + 10}" y="${middle + 4}" fill="#333333">${inXml(withUnit(median, unit))}</text>`,
  ].join('\n');
}

function inXml(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
