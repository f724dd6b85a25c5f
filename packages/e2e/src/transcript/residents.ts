import type { Sheet } from './parse.js';

const person = /\bu\d\b/g;
const everybody = 'All users: ';

/**
 * The sheet for a cluster on which `earlier` ones were played: its people bear names of their own, `u1` of the third sheet is `cu1`,
 * and whoever lists everybody sees those of the earlier sheets first, in the order of their names.
 */
export function sheetOf(sheet: Sheet, earlier: readonly Sheet[]): Sheet {
  const residents = earlier.flatMap((one, index) => peopleOf(one).map((name) => `${letter(index)}${name}, `));
  const own = (line: string): string => {
    const renamed = line.replace(person, (name) => letter(earlier.length) + name);
    return renamed.replace(everybody, everybody + residents.join(''));
  };
  return {
    ...sheet,
    steps: sheet.steps.map(({ line, cells }) => ({ line, cells: cells.map((cell) => cell.map(own)) })),
  };
}

function peopleOf({ columns }: Sheet): string[] {
  return columns.filter((column) => /^u\d$/.test(column)).sort();
}

function letter(index: number): string {
  return String.fromCharCode('a'.charCodeAt(0) + index);
}
