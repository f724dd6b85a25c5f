import type { Client } from '@everline/client';
import { endingOf, withClient } from './client.js';
import type { Context } from './context.js';
import { Ending, type ExitCode, exitCodes } from './ending.js';
import { visible, visibleJson } from './print/visible.js';
import { userOf } from './user.js';

interface Deed {
  /** `alice now follows bob`. */
  readonly done: string;
  readonly key: 'followed' | 'unfollowed';
  ask(client: Client, name: string): Promise<unknown>;
}

/** One name after the other; a refusal is said and does not keep the rest from being done. */
export async function forEachName(context: Context, names: readonly string[], deed: Deed): Promise<ExitCode> {
  const user = userOf(context);
  return withClient(context, async (client) => {
    let exitCode: ExitCode = exitCodes.done;
    for (const typed of names) {
      const name = typed.toLowerCase();
      try {
        await deed.ask(client, name);
        if (context.settings.json) context.data('', { user, [deed.key]: name });
        context.note(`${visible(user)} ${deed.done} ${visible(name)}.`);
      } catch (error) {
        const ending = await endingOf(error, context);
        if (!(ending instanceof Ending) || ending.exitCode !== exitCodes.refused) throw ending;
        sayRefused(context, name, ending);
        exitCode = exitCodes.refused;
      }
    }
    return exitCode;
  });
}

function sayRefused({ terminal, settings, noteStyle }: Context, name: string, ending: Ending): void {
  const { message, reason, exitCode } = ending;
  const line = settings.json
    ? visibleJson({ error: { message, exitCode, reason, name } })
    : `${noteStyle.red('everline:')} ${visible(name)}: ${visible(message)}`;
  terminal.err.write(`${line}\n`);
}
