/** What a line in command mode asks for. The argument is all after the first space, as it was typed. */
export type ShellCommand =
  | { readonly kind: 'follow'; readonly name: string }
  | { readonly kind: 'unfollow'; readonly name: string }
  | { readonly kind: 'list' }
  | { readonly kind: 'timeline' }
  /** No command: the text to print instead is `refusal`, and nothing is sent. */
  | { readonly kind: 'none'; readonly refusal: 'invalid-command' | 'no-arguments' | 'unknown-command' };

export function parseShellCommand(line: string): ShellCommand {
  const space = line.indexOf(' ');
  if (space < 0) return withoutArgument(line.toUpperCase());
  if (space === line.length - 1) return { kind: 'none', refusal: 'no-arguments' };
  const word = line.slice(0, space).toUpperCase();
  const name = line.slice(space + 1);
  if (word === 'FOLLOW') return { kind: 'follow', name };
  if (word === 'UNFOLLOW') return { kind: 'unfollow', name };
  return { kind: 'none', refusal: 'unknown-command' };
}

function withoutArgument(word: string): ShellCommand {
  if (word === 'LIST') return { kind: 'list' };
  if (word === 'TIMELINE') return { kind: 'timeline' };
  return { kind: 'none', refusal: 'invalid-command' };
}
