import { type Client, type Listing, Refused } from '@everline/client';
import type { Line } from '../lines.js';
import { insist } from './insist.js';
import { outcomeOf } from './outcomes.js';
import { parseShellCommand, type ShellCommand } from './parser.js';
import type { ShellParts } from './parts.js';
import { listText, type Outcome, outcomeText, prompt } from './texts.js';

/** Answers commands until one asks for the timeline, or the input ends. */
export async function commandMode(parts: ShellParts): Promise<'timeline' | 'end-of-input'> {
  const { write, reconnections } = parts;
  for (;;) {
    write(prompt);
    reconnections.prompted();
    const line = await parts.nextLine();
    if (line === undefined) return 'end-of-input';
    const command = commandIn(line);
    if (command.kind !== 'none') reconnections.entered();
    if (command.kind === 'timeline') return 'timeline';
    write(await answer(command, parts));
  }
}

function commandIn(line: Line): ShellCommand {
  return line.kind === 'line' ? parseShellCommand(line.text) : { kind: 'none', refusal: 'unknown-command' };
}

async function answer(
  command: Exclude<ShellCommand, { kind: 'timeline' }>,
  parts: ShellParts,
): Promise<string> {
  if (command.kind === 'none') return outcomeText(command.refusal);
  try {
    if (command.kind === 'list') {
      const { allUsers, followers } = await insist<Listing>(() => parts.client.list(), parts);
      return `${outcomeText('success')}${listText(allUsers, followers)}`;
    }
    await insist((id) => change(command, parts.client, id), parts);
    return outcomeText('success');
  } catch (error) {
    return outcomeText(refusedOutcome(command.kind, error, parts.signal));
  }
}

function change(
  { kind, name }: Extract<ShellCommand, { name: string }>,
  client: Client,
  id: string | undefined,
): Promise<void> {
  const options = id === undefined ? {} : { requestId: id };
  return kind === 'follow' ? client.follow(name, options) : client.unfollow(name, options);
}

/** What is no refusal is no answer either: the shell ends with it. */
function refusedOutcome(kind: 'follow' | 'unfollow' | 'list', error: unknown, signal: AbortSignal): Outcome {
  if (signal.aborted || !(error instanceof Refused)) throw error;
  return outcomeOf(kind, error.reason);
}
