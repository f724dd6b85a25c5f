/** A cell: its text, and how it is painted once its width is known. */
export interface Cell {
  readonly text: string;
  readonly paint?: (text: string) => string;
  readonly right?: boolean;
}

const gap = '  ';

/** Columns as wide as their widest cell; no space at the end of a line. */
export function table(rows: readonly (readonly Cell[])[], indent = ''): string {
  const widths: number[] = [];
  for (const row of rows) {
    for (const [column, { text }] of row.entries())
      widths[column] = Math.max(widths[column] ?? 0, text.length);
  }
  return rows
    .map((row) => `${indent}${row.map((cell, column) => cellText(cell, widths, column, row)).join(gap)}`)
    .map((line) => `${line.trimEnd()}\n`)
    .join('');
}

function cellText(cell: Cell, widths: readonly number[], column: number, row: readonly Cell[]): string {
  const paint = cell.paint ?? ((text: string) => text);
  const space = ' '.repeat((widths[column] ?? 0) - cell.text.length);
  if (cell.right === true) return `${space}${paint(cell.text)}`;
  return column === row.length - 1 ? paint(cell.text) : `${paint(cell.text)}${space}`;
}
