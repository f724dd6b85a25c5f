import type { PostOutcome } from '@everline/client';
import { withClient } from './client.js';
import type { Context } from './context.js';
import { Ending, type ExitCode, exitCodes } from './ending.js';
import { linesOf } from './lines.js';
import { count } from './print/duration.js';
import { postValue } from './print/post.js';
import { visible, visibleJson } from './print/visible.js';

/** A refusal that says nothing about this one line: every line after it would meet the same. */
const pointless = new Set(['USER_UNKNOWN', 'SESSION_UNKNOWN']);

interface Tally {
  posted: number;
  refused: number;
}

/**
 * One post a line, in order, each exactly once; empty lines are none. A line that can be no post is said with its number
 * and skipped. A reader of our own output that goes away does not stop the posts.
 */
export async function postLines(context: Context): Promise<ExitCode> {
  const { terminal, note, noteStyle } = context;
  if (terminal.input.isTerminal) note(noteStyle.dim('One post a line; Ctrl-D ends.'));
  const tally: Tally = { posted: 0, refused: 0 };
  const numbers: number[] = [];
  const drafts = draftsOf(context, tally, (number) => numbers.push(number));
  try {
    await withClient(context, async (client) => {
      for await (const outcome of client.posts(drafts)) judge(outcome, numbers.shift() ?? 0, tally, context);
    });
  } catch (error) {
    if (error instanceof Ending) throw stoppedAt(error, numbers[0], tally);
    throw error;
  }
  note(`Posted ${count(tally.posted, 'line')}.`);
  return tally.refused > 0 ? exitCodes.refused : exitCodes.done;
}

async function* draftsOf(
  context: Context,
  tally: Tally,
  taken: (number: number) => void,
): AsyncGenerator<string> {
  for await (const line of linesOf(context.terminal.input.bytes())) {
    if (line.kind === 'line') {
      if (line.text === '') continue;
      taken(line.number);
      yield line.text;
    } else {
      tally.refused += 1;
      const why = line.kind === 'too-long' ? 'longer than a post may be' : 'not valid UTF-8';
      sayRefused(context, line.number, why, 'FIELD_INVALID');
    }
  }
}

function judge(outcome: PostOutcome, number: number, tally: Tally, context: Context): void {
  if (outcome.kind === 'posted') {
    tally.posted += 1;
    if (context.settings.json) context.data('', { ...postValue(outcome.post), copies: outcome.copies });
    return;
  }
  const { error } = outcome;
  if (pointless.has(error.reason))
    throw Ending.refused(error.message, { cause: error, reason: error.reason });
  tally.refused += 1;
  sayRefused(context, number, error.message, error.reason);
}

function sayRefused(
  { terminal, settings, noteStyle }: Context,
  line: number,
  message: string,
  reason: string,
): void {
  terminal.err.write(
    settings.json
      ? `${visibleJson({ error: { message, exitCode: exitCodes.refused, reason, line } })}\n`
      : `${noteStyle.red('everline:')} line ${line}: ${visible(message)}\n`,
  );
}

/** Says from which line on to go on. */
function stoppedAt(ending: Ending, line: number | undefined, { posted }: Tally): Ending {
  if (line === undefined || pointless.has(ending.reason ?? '')) return ending;
  return ending.saying(`stopped at line ${line}, ${count(posted, 'line')} posted: ${ending.message}`);
}
