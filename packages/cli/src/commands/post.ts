import { withClient } from '../client.js';
import type { Context, DefineCommand } from '../context.js';
import { Ending } from '../ending.js';
import { postLines } from '../post-lines.js';
import { count } from '../print/duration.js';
import { examples } from '../print/help.js';
import { postValue } from '../print/post.js';
import { userOf } from '../user.js';

interface PostFlags {
  readonly id?: string;
}

export const define: DefineCommand = (program, act) =>
  program
    .command('post')
    .argument('[text...]', 'the post; `-` or nothing: one post a line from the input')
    .option('--id <uuid>', 'the id of the post: repeated with it, it is posted once')
    .description('post, exactly once')
    .addHelpText(
      'after',
      examples([
        'everline post "hello, world"',
        'git log --format=%s -5 | everline post -',
        'everline post -- --not-a-flag',
      ]),
    )
    .action(
      act<[string[], PostFlags]>(async (context, words, { id }) => {
        userOf(context);
        const fromInput = words.length === 0 || (words.length === 1 && words[0] === '-');
        if (!fromInput) return postOne(context, words.join(' '), id);
        if (id !== undefined) throw Ending.usage('--id names one post, and the input may hold many');
        return postLines(context);
      }),
    );

async function postOne(context: Context, text: string, postId: string | undefined): Promise<undefined> {
  const options = postId === undefined ? {} : { postId };
  const { post, copies } = await withClient(context, (client) => client.post(text, options));
  if (context.settings.json) context.data('', { ...postValue(post), copies });
  context.note(`Posted, on ${count(copies, 'disk')}.`);
  return undefined;
}
