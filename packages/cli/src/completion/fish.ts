import type { CompletionOption, CompletionTree } from './tree.js';

export function fishCompletion({ globals, commands }: CompletionTree): string {
  const lines = [
    '# fish completion for everline: everline completion fish | source',
    'complete -c everline -f',
    ...globals.map((option) => line('', option)),
  ];
  for (const { name, description, options, values } of commands) {
    lines.push(`complete -c everline -n __fish_use_subcommand -a ${name} -d ${quoted(description)}`);
    const inside = ` -n '__fish_seen_subcommand_from ${name}'`;
    lines.push(...options.map((option) => line(inside, option)));
    if (values.length > 0) lines.push(`complete -c everline${inside} -a ${quoted(values.join(' '))}`);
  }
  return `${lines.join('\n')}\n`;
}

function line(condition: string, { flags, description, takesValue, values }: CompletionOption): string {
  const named = flags.map((flag) => (flag.startsWith('--') ? `-l ${flag.slice(2)}` : `-s ${flag.slice(1)}`));
  const from = values.length > 0 ? ` -x -a ${quoted(values.join(' '))}` : ' -r -F';
  return `complete -c everline${condition} ${named.join(' ')}${takesValue ? from : ''} -d ${quoted(description)}`;
}

function quoted(text: string): string {
  return `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`;
}
