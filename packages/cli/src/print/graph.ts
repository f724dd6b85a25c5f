import type { Style } from './style.js';
import { visible } from './visible.js';

interface Graph {
  readonly allUsers: readonly string[];
  readonly followers: readonly string[];
  readonly following: readonly string[];
}

/** Three lists of names, each wrapped under its heading. */
export function graphText({ allUsers, followers, following }: Graph, style: Style, columns: number): string {
  return (
    section('All users', allUsers, style, columns) +
    section('Followers', followers, style, columns) +
    section('Following', following, style, columns)
  );
}

const indent = '  ';

function section(title: string, names: readonly string[], style: Style, columns: number): string {
  const heading = `${style.bold(title)} ${style.dim(`(${names.length.toLocaleString('en-US')})`)}\n`;
  let text = '';
  let width = columns;
  for (const name of names) {
    const shown = visible(name);
    if (width + shown.length + 2 > columns) {
      text += `${text === '' ? '' : '\n'}${indent}`;
      width = indent.length;
    }
    text += `${style.name(shown)}  `;
    width += shown.length + 2;
  }
  return `${heading}${text === '' ? '' : `${text.replaceAll(/ {2}(?=\n|$)/g, '')}\n`}`;
}
