import { eventually, Hopeless } from '../eventually.js';
import type { Terminal } from '../terminal/terminal.js';

/** What people of the original know the time by: C's ctime. */
const time = '[A-Z][a-z]{2} [A-Z][a-z]{2} [ \\d]\\d \\d\\d:\\d\\d:\\d\\d \\d{4}';
const prompt = 'Cmd> ';
const stepMs = 20_000;

export interface CellContext {
  open(command: string): Terminal;
  terminal(): Terminal;
  /** The address of the master that is available now. */
  available(): Promise<string>;
}

/** Plays one cell: types what is to be typed, and holds what is shown against the sheet, line by line. */
export async function playCell(lines: readonly string[], context: CellContext): Promise<void> {
  for (const line of lines) {
    if (line.startsWith('$ ')) context.open(line.slice(2));
    else if (line.startsWith('Cmd> ')) await answerPrompt(context.terminal(), line.slice(prompt.length));
    else if (line === '>' || line.startsWith('> ')) await typeLine(context.terminal(), line.slice(2));
    else if (line === '^C') await typeControl(context.terminal(), '\x03', '^C');
    else if (line === '^D') await typeControl(context.terminal(), '\x04', '');
    else if (line.startsWith('[exit ')) await expectExit(context.terminal(), line);
    else await expectLine(context.terminal(), line, context);
  }
}

async function answerPrompt(terminal: Terminal, text: string): Promise<void> {
  await expectText(terminal, prompt);
  await typeLine(terminal, text.replace(/␣$/, ' '));
}

/** The terminal echoes what is typed. */
async function typeLine(terminal: Terminal, text: string): Promise<void> {
  terminal.line(text);
  await expectText(terminal, `${text}\n`);
}

async function typeControl(terminal: Terminal, character: string, echo: string): Promise<void> {
  if (terminal.unread === prompt) terminal.take(prompt.length);
  terminal.type(character);
  if (echo !== '') await expectText(terminal, echo);
}

async function expectExit(terminal: Terminal, line: string): Promise<void> {
  const code = await terminal.untilExit(stepMs);
  if (`[exit ${code}]` !== line) throw new Error(`${terminal.name} ended with ${code}, not ${line}`);
  if (terminal.unread.replace(prompt, '').trim() !== '')
    throw new Error(`${terminal.name} shows more than the sheet: ${JSON.stringify(terminal.unread)}`);
}

async function expectLine(terminal: Terminal, line: string, context: CellContext): Promise<void> {
  const text = line === '¶' ? '' : line.replace(/␣$/, ' ');
  const shown = text.includes('<available>') ? text.replace('<available>', await context.available()) : text;
  await expectText(terminal, `${shown}\n`);
}

async function expectText(terminal: Terminal, expected: string): Promise<void> {
  const pattern = new RegExp(`^${escaped(expected).replaceAll('<time>', time)}`);
  const say = (): string =>
    `${terminal.name} shows ${JSON.stringify(expected)}; it shows ${JSON.stringify(terminal.unread)}`;
  const found = await eventually(
    () => {
      const match = pattern.exec(terminal.unread);
      if (match !== null) return match[0];
      if (firstLineIsOver(terminal.unread, expected)) throw new Hopeless(say());
      return undefined;
    },
    stepMs,
    say,
  );
  terminal.take(found.length);
}

/** More has been shown than was expected, and it is something else: waiting will not help. */
function firstLineIsOver(unread: string, expected: string): boolean {
  return unread.length > expected.length + 80 && unread.includes('\n');
}

function escaped(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
}
