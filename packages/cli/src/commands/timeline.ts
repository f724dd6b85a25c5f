import type { DefineCommand } from '../context.js';
import { examples } from '../print/help.js';
import { parseWhole } from '../settings/parse.js';
import { readTimeline } from '../timeline/read.js';
import { userOf } from '../user.js';

interface TimelineFlags {
  readonly limit?: string;
  readonly after?: string;
  readonly follow?: boolean;
  readonly own?: boolean;
}

const mostPosts = 1_000_000;

export const define: DefineCommand = (program, act) =>
  program
    .command('timeline')
    .option('--limit <n>', 'how many posts; the newest, or with --after the first ones after it (20; all)')
    .option('--after <cursor>', 'what comes after this cursor (--json shows cursors)')
    .option('-f, --follow', 'stay, and show what comes')
    .option('--own', 'with my own posts')
    .description('show what those I follow have posted, oldest first')
    .addHelpText(
      'after',
      examples(['everline timeline', 'everline timeline -f', 'everline timeline --limit 5 --json']),
    )
    .action(
      act<[TimelineFlags]>(async (context, { limit, after, follow, own }) => {
        userOf(context);
        return readTimeline(context, {
          limit: limit === undefined ? undefined : parseWhole(limit, '--limit', 0, mostPosts),
          after,
          live: follow === true,
          includeOwn: own === true,
        });
      }),
    );
