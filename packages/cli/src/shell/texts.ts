import { ctime } from '../print/local-time.js';
import { visible } from '../print/visible.js';

/** The words of the Tiny SNS client, to the letter: people have transcripts and grading scripts for them. */
export const banner = `
========= TINY SNS CLIENT =========
 Command Lists and Format:
 FOLLOW <username>
 UNFOLLOW <username>
 LIST
 TIMELINE
=====================================
`;

export const prompt = 'Cmd> ';
export const connectionFailed = 'connection failed: -1\n';
export const enteredTimeline = 'Now you are in the timeline\n';

/** How a command ended. */
export type Outcome =
  | 'success'
  | 'already-exists'
  | 'invalid-username'
  | 'invalid-command'
  | 'no-arguments'
  | 'unknown-command'
  | 'unknown-reason';

const outcomes: Readonly<Record<Outcome, string>> = {
  success: 'Command completed successfully\n',
  'already-exists': 'Input username already exists, command failed\n',
  'invalid-username': 'Command failed with invalid username\n',
  'invalid-command': 'Invalid Command\n',
  'no-arguments': 'Invalid Input -- No Arguments Given\n',
  'unknown-command': 'Command failed with invalid command\n',
  'unknown-reason': 'Command failed with unknown reason\n',
};

export function outcomeText(outcome: Outcome): string {
  return outcomes[outcome];
}

export function listText(allUsers: readonly string[], followers: readonly string[]): string {
  return `All users: ${named(allUsers)}\nFollowers: ${named(followers)}\n`;
}

export function postText(post: {
  readonly author: string;
  readonly text: string;
  readonly postedAtMs: number;
}) {
  return `${visible(post.author)}(${ctime(post.postedAtMs)}) >> ${visible(post.text)}\n\n`;
}

export function reconnectingText(address: string): string {
  return `Reconnecting to ${visible(address)}...\n`;
}

/** Every name is followed by a comma and a space, the last one too. */
function named(names: readonly string[]): string {
  return names.map((name) => `${visible(name)}, `).join('');
}
