/** Colours, or none: on anything but a terminal that wants them every function gives its text back as it is. */
export interface Style {
  bold(text: string): string;
  dim(text: string): string;
  red(text: string): string;
  green(text: string): string;
  yellow(text: string): string;
  cyan(text: string): string;
  /** The same colour for the same name, always. */
  name(name: string): string;
}

const nameColours = [36, 32, 33, 35, 34, 96, 92, 93, 95, 94];

const coloured: Style = {
  bold: paint(1, 22),
  dim: paint(2, 22),
  red: paint(31, 39),
  green: paint(32, 39),
  yellow: paint(33, 39),
  cyan: paint(36, 39),
  name: (name) => paint(nameColours[hash(name) % nameColours.length] ?? 36, 39)(name),
};

const same = (text: string): string => text;
const plain: Style = {
  bold: same,
  dim: same,
  red: same,
  green: same,
  yellow: same,
  cyan: same,
  name: same,
};

export function styleFor(output: { readonly colours: boolean }): Style {
  return output.colours ? coloured : plain;
}

function paint(on: number, off: number): (text: string) => string {
  return (text) => (text === '' ? '' : `\u001B[${on}m${text}\u001B[${off}m`);
}

function hash(name: string): number {
  let sum = 0;
  for (const character of name) sum = (sum * 31 + (character.codePointAt(0) ?? 0)) >>> 0;
  return sum;
}
